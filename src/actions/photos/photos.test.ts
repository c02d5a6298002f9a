import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { tester } from '../../../tests/support/tester.ts';
import type { Correction } from '../../contracts/loop/correction.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { listDataSets } from './data-sets.ts';
import { exportCorrections } from './export-corrections.ts';
import { openPhotoIndex } from './open-index.ts';
import { photoImage } from './photo-image.ts';

let folder: ScratchFolder;
beforeEach(() => {
  folder = new ScratchFolder();
});
afterEach(() => folder[Symbol.dispose]());

const photos = await drawnPhotos(4);
const write = (name: string) => writePhotoExamples(folder.at(name), photos);
const artifact = (id: string, more: object = {}) => ({
  id,
  type: 'Examples',
  uri: folder.at(id),
  digest: '1'.repeat(64),
  pipeline: 'leaves',
  createdAt: new Date(0),
  deletedAt: null,
  executionId: 'none',
  properties: {},
  ...more,
});
/** As much of a store as is asked for. */
const storeOf = (parts: object) =>
  ({ workspace: { cache: folder.at('cache') }, project: 'default', ...parts }) as unknown as OpenStore;

it('data sets that cannot be read do not hide older ones', async () => {
  await write('old');
  const store = storeOf({ listArtifacts: async () => ['broken', 'lost', 'old'].map((id) => artifact(id)) });
  expect((await listDataSets(store, { limit: 2 })).map(({ id }) => id)).toEqual(['old']);
});

it('one of two equal data sets is read when the other was deleted', async () => {
  await write('first');
  const [photo] = await write('second');
  await openPhotoIndex(storeOf({}), artifact('first'));
  rmSync(folder.at('first'), { recursive: true });
  const index = await openPhotoIndex(storeOf({}), artifact('second'));
  expect(await index.read([0])).toEqual([photo]);
});

it("a small copy is of one project, and what is at a photo's place now is not read unless it may be the photo", async () => {
  const [photo] = await write('data');
  const { sha256, filename } = photo!;
  folder.write(`photos/${filename}`, '');
  rmSync(folder.at(`photos/${filename}`));
  // whoever reads it waits for ever
  execFileSync('mkfifo', [folder.at(`photos/${filename}`)]);
  const sources = JSON.stringify([{ path: folder.at('photos'), prefix: '' }]);
  const getArtifact = async () => artifact('data', { properties: { sources } });
  const asked: Uint8Array[] = [];
  const thumbnail = async (bytes: Uint8Array) => {
    asked.push(bytes);
    return new Uint8Array([1]);
  };
  for (const project of ['default', 'default', 'roses'])
    await photoImage(
      storeOf({ getArtifact, project }),
      { thumbnail },
      { sha256, size: 160, data: 'data', mayLabel: false },
    );
  expect(asked).toHaveLength(2);
});

it('a line of the corrections file goes when every decision about its photo was taken back', async () => {
  const sha256 = '2'.repeat(64);
  const decide = (label: string, revertedAt: Date | null = null): Correction =>
    ({ sha256, kind: 'label', label, given: 'a', filename: 'a/1.jpg', revertedAt }) as Correction;
  let decisions: Correction[];
  const store = storeOf({
    listArtifacts: async () => [artifact('data')],
    corrections: { list: async () => decisions },
    audited: async (change: () => Promise<void>) => await change(),
    getExecution: async () => null,
  });
  const config = {
    workspace: folder.at('workspace'),
    pipelines: folder.path,
    dataRoots: { all: [folder.path], projects: {} },
  };
  const to = folder.at('corrections.jsonl');
  decisions = [decide('x')];
  await exportCorrections(config, store, { to, actor: tester });
  expect(readFileSync(to, 'utf8')).toContain('"x"');
  // the newest first
  decisions = [decide('y', new Date(2)), decide('x', new Date(1))];
  await exportCorrections(config, store, { to, actor: tester });
  expect(readFileSync(to, 'utf8')).not.toContain(sha256);
});
