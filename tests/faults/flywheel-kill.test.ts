import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256 } from '../../src/codecs/digest.ts';
import { LabelledRequests } from '../support/labelled-requests.ts';
import { smallPhoto } from '../support/small-photo.ts';
import { unaudited } from '../support/unaudited.ts';

const exporter = fileURLToPath(new URL('./flywheel-exporter.ts', import.meta.url));
const photos = 12;

let leaf: LabelledRequests;
let spans: string;
beforeAll(async () => {
  leaf = await LabelledRequests.open({ serves: true });
  spans = leaf.scratch.at('spans');
});
afterAll(() => leaf[Symbol.asyncDispose]());

const namesIn = (path: string) => (existsSync(path) ? readdirSync(path) : []);
const stagings = () => namesIn(spans).filter((name) => name.startsWith('.mitate-'));
const inStaging = (part: string) => stagings().some((name) => existsSync(join(spans, name, part)));
const published = () => namesIn(spans).filter((name) => name.startsWith('span-'));
const filesOf = (span: string) =>
  readdirSync(join(spans, span), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jpg'));

/** What an export has done by then: it is killed as soon as that is seen. */
const moments: Record<string, () => boolean> = {
  'nothing yet': () => true,
  'its folder is there': () => stagings().length > 0,
  'photos are read': () => inStaging('all'),
  'the span is put together': () => inStaging('whole'),
  'the span is seen': () => published().length > 0,
};

async function killedWhen(happened: () => boolean): Promise<void> {
  const running = spawn(process.execPath, [exporter, leaf.store.workspace.dir, leaf.scratch.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(running, 'exit');
  await once(running.stdout, 'data');
  while (running.exitCode === null && !happened()) await wait(1);
  running.kill('SIGKILL');
  await gone;
}

it('an export that is killed at any moment loses no label, gives no photo twice, and leaves nothing behind', async () => {
  const digests: string[] = [];
  for (let i = 0; i < photos; i++) {
    const photo = await smallPhoto(i);
    await leaf.answered(photo, i % 2 ? 'unwell' : 'healthy');
    digests.push(sha256(photo));
  }
  for (const happened of Object.values(moments)) await killedWhen(happened);
  // killed before it had said whose its folder is: that is known by its age
  const nameless = stagings().filter((name) => !existsSync(join(spans, name, 'owner.json')));
  for (const name of nameless) utimesSync(join(spans, name), 0, 0);
  await leaf.export();
  expect(await leaf.export()).toMatchObject({ span: null });

  expect(stagings()).toEqual([]);
  const files = published().flatMap(filesOf);
  expect(files.map((name) => name.slice(-68, -4)).sort()).toEqual(digests.toSorted());
  const noted = await leaf.store.flywheel.listSpans();
  expect(noted.map(({ span }) => `span-${span}`).sort()).toEqual(published().sort());
  expect((await leaf.store.flywheel.copiesOf(digests)).map(({ sha256: digest }) => digest).sort()).toEqual(
    digests.toSorted(),
  );
}, 120_000);

it('a span that was noted when its export was killed, and never seen, is forgotten by the next one', async () => {
  await using other = await leaf.another();
  await other.answered(await smallPhoto(50), 'healthy');
  const first = await other.export();
  expect(first).toMatchObject({ span: 1 });
  const folder = other.scratch.at('spans');
  const [noted] = await other.store.flywheel.listSpans();
  const { seq: _, ...span } = noted!;
  await unaudited(other.store).flywheel.addSpan({ ...span, span: 2 }, []);
  const dead = { pid: 2 ** 22 + 1, host: hostname(), started: null };
  other.scratch.write('spans/.mitate-killed/owner.json', JSON.stringify({ process: dead, span: 2 }));
  await other.answered(await smallPhoto(51), 'unwell');
  expect(await other.export()).toMatchObject({ span: 2, photos: 1 });
  expect((await other.store.flywheel.listSpans()).map(({ span: number, photos: count }) => [number, count])).toEqual([
    [2, 1],
    [1, 1],
  ]);
  expect(namesIn(folder).sort()).toEqual(['span-1', 'span-2']);
});
