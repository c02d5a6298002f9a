import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { sourceFlags } from '../support/source-flags.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples/custom-component');
const folder = new ScratchFolder();

beforeAll(async () => {
  for (const { filename, bytes } of await drawnPhotos(24, { labels: 2 })) folder.write(`photos/${filename}`, bytes);
});
afterAll(() => folder[Symbol.dispose]());

async function run() {
  const args = ['run', join(example, 'pipeline.ts'), '--param', `images=${folder.at('photos')}`, '--json'];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...sourceFlags, join(root, 'src/cli/main.ts'), ...args, '--workspace', folder.at('workspace')],
    { env: { ...process.env, MITATE_PROCESSES: '1' } },
  );
  const summary = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
    state: string;
    steps: { name: string; state: string; artifacts: Record<string, { uri: string }> }[];
  };
  const step = summary.steps.find(({ name }) => name === 'label-counts')!;
  return { summary, step, stderr };
}

it('the guide to custom components shows the example', () => {
  const guide = readFileSync(join(root, 'docs/guides/custom-components.md'), 'utf8');
  const blocks = [...guide.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)].map(([, name, code]) => [name, code]);
  const files = ['label-counts.ts', 'pipeline.ts'].map((name) => [name, readFileSync(join(example, name), 'utf8')]);
  expect(blocks).toEqual(files);
});

it('the example of a custom component runs, warns, and comes from the cache the second time', async () => {
  const first = await run();
  expect(first.summary.state).toBe('succeeded');
  expect(first.step.state).toBe('succeeded');
  const counts = JSON.parse(readFileSync(join(first.step.artifacts.report!.uri, 'counts.json'), 'utf8')) as object;
  expect(Object.values(counts)).toEqual([12, 12]);
  expect(first.stderr).toMatch(/only 12 photos of/);
  expect((await run()).step.state).toBe('cached');
});
