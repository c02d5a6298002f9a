import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Takes minutes: begun last, it would go on alone. */
const longest = 'tests/e2e/closed-loop.test.ts';

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith(longest);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  resolve: { conditions: ['mitate:source'] },
  ssr: { resolve: { conditions: ['mitate:source'] } },
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['tests/**/*.long.test.ts', '**/node_modules/**'],
    // of --changed; not package.json, whose scripts change no test
    forceRerunTriggers: ['**/vitest.config.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './tests/closing-line.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
