import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { floatingPromises } from './floating-promises.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('no statement drops a promise: its failure would end the process, or be lost', { timeout: 120_000 }, () => {
  expect(floatingPromises(root)).toEqual([]);
});

it('finds each kind of them, and what handles one (a check of the check)', { timeout: 60_000 }, () => {
  using folder = temporaryFolder();
  writeFileSync(
    join(folder.path, 'tsconfig.json'),
    '{ "compilerOptions": { "target": "es2024", "lib": ["es2024"], "types": [] } }',
  );
  const floating = [
    'work();',
    'work().then(() => {});',
    'work().finally(() => {});',
    'Promise.all([work()]);',
    'list.map(work);',
    'maybe && work();',
    'maybe ? work() : null;',
    'holder.part.work();',
    'holder.part.optional?.();',
    'new Promise(() => {});',
    'thenable;',
  ];
  const handled = [
    'await work();',
    'void work();',
    'let kept = work(); kept = work();',
    'work().catch(() => {});',
    'work().then(() => {}, () => {});',
    'new Map<string, Promise<void>>().set("a", work());',
    'list.forEach(() => {});',
  ];
  const given = `declare function work(): Promise<void>; declare const list: number[], maybe: boolean, thenable: PromiseLike<void>;
    declare const holder: { part: Pick<{ work(): Promise<void>; optional?(): Promise<void> }, 'work' | 'optional'> };`;
  writeFileSync(
    join(folder.path, 'a.ts'),
    [`export {}; ${given.replace('\n', ' ')}`, ...floating, ...handled].join('\n'),
  );
  expect(floatingPromises(folder.path)).toEqual(floating.map((_, i) => `a.ts:${i + 2}`));
});
