import { join, relative } from 'node:path';
import type { OpenStore } from '../../../store/open-store.ts';

/** How to train on the spans of a folder: the run behind the endpoint's stable version, again. */
export interface NextRun {
  /** Pipeline file. */
  file: string;
  /** As they were; a parameter with `{SPAN}` points to the spans of the folder. */
  parameters: Record<string, string>;
  /** The pipeline has no such parameter, so that it may not read the folder. */
  readsSpans: boolean;
}

/** Null = nothing serves, or its version did not come from a pipeline file. */
export async function nextRun(
  store: Pick<OpenStore, 'listDeployments' | 'findVersion' | 'getRun'>,
  { endpoint, to }: { endpoint: string; to: string },
): Promise<NextRun | null> {
  const stable = (await store.listDeployments()).find((each) => each.endpoint === endpoint && each.role === 'stable');
  const version = stable && (await store.findVersion(`${stable.modelName}@${stable.version}`));
  const run = version && (await store.getRun(version.runId));
  if (!run?.source) return null;
  const entries = Object.entries(run.parameters).filter(([, value]) => value !== null);
  const spans = entries.find(([, value]) => typeof value === 'string' && value.includes('{SPAN'));
  const place = join(to, 'span-{SPAN}');
  const parameters = entries.map(([name, value]) => [name, name === spans?.[0] ? place : String(value)] as const);
  return { file: run.source, parameters: Object.fromEntries(parameters), readsSpans: spans !== undefined };
}

/** `mitate run ...` for a shell in this folder. */
export function commandOf({ file, parameters }: NextRun, cwd: string): string {
  const short = (path: string) => (path.startsWith(`${cwd}/`) ? relative(cwd, path) : path);
  const words = Object.entries(parameters).map(([name, value]) => `--param ${quoted(`${name}=${value}`)}`);
  return ['mitate run', quoted(short(file)), ...words].join(' ');
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
