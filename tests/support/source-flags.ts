/** Node's flags for a process that runs from src/. Without `quick-start` its start takes two seconds more. */
export const sourceFlags = [
  '--conditions=mitate:source',
  '--disable-warning=ExperimentalWarning',
  `--import=${new URL('../../src/processes/quick-start.ts', import.meta.url)}`,
];
