import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['mitate:source'] },
  ssr: { resolve: { conditions: ['mitate:source'] } },
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['tests/**/*.long.test.ts', '**/node_modules/**'],
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', './tests/closing-line.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
