import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Begun last, one would go on alone. The demo first: tests of the console copy its workspace. */
const longest = [
  'tests/e2e/demo.test.ts',
  'tests/e2e/closed-loop.test.ts',
  'tests/console/demo.test.ts',
  'tests/e2e/projects.test.ts',
  'tests/e2e/fuzz-api.test.ts',
  'tests/e2e/heat-map.test.ts',
  'tests/e2e/workspace.test.ts',
  'tests/e2e/serve.test.ts',
  'tests/e2e/service.test.ts',
  'tests/faults/serve-kill.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((path) => moduleId.endsWith(path));
      return place < 0 ? longest.length : place;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Pure functions and small files: one module graph for all of them, under a minute together. */
const unit = [
  'src/{codecs,config,contracts,errors,feedback,html,math,network,onnx,vision}/**/*.test.ts',
  'src/orchestrator/{define,lint,release}/**/*.test.ts',
  'src/serving/{admission,router}/**/*.test.ts',
];
const shared = {
  testTimeout: 120_000,
  // of what a busy machine does a moment later
  expect: { poll: { timeout: 30_000 } },
  hookTimeout: 120_000,
  // of every process that a test starts
  env: {
    NODE_OPTIONS: `--require="${fileURLToPath(new URL('tests/support/short-lived.cjs', import.meta.url))}"`,
    // of inference, unless a test asks for more: each takes half a second of the processor to start
    MITATE_PROCESSES: '1',
  },
  pool: 'forks' as const,
  // one module graph a worker: loading the store or the pipeline for each file took a second of it
  isolate: false,
  execArgv: [
    '--disable-warning=ExperimentalWarning',
    '--import',
    new URL('src/processes/quick-start.ts', import.meta.url).href,
  ],
};
const slow = ['**/node_modules/**', 'tests/**/*.long.test.ts'];

export const base = {
  resolve: { conditions: ['mitate:source'] },
  ssr: { resolve: { conditions: ['mitate:source'] } },
  test: {
    // on two processors: a quarter of the time a test waits
    maxWorkers: 3,
    // of --changed; not package.json, whose scripts change no test
    forceRerunTriggers: ['**/vitest.config.ts'],
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './tests/closing-line.ts'],
  },
};

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    projects: [
      { extends: true, test: { ...shared, name: 'unit', include: unit } },
      {
        extends: true,
        test: { ...shared, name: 'component', include: ['src/**/*.test.ts'], exclude: [...slow, ...unit] },
      },
      { extends: true, test: { ...shared, name: 'system', include: ['tests/**/*.test.ts'], exclude: slow } },
    ],
  },
});
