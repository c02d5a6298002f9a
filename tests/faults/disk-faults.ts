import './failing-disk.ts';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addGolden } from '../../src/actions/datasets/golden-add.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { type ErrorCode, toMitateError } from '../../src/errors/index.ts';
import { loadPipeline } from '../../src/orchestrator/define/load-pipeline.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import { openJournal } from '../../src/serving/journal/journal.ts';
import { backup } from '../../src/store/backup/backup.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { LabelledRequests } from '../support/labelled-requests.ts';
import { requestRecord } from '../support/request-record.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { smallPhoto } from '../support/small-photo.ts';
import { tester } from '../support/tester.ts';
import { type Fault, failDisk } from './failing-disk.ts';

/** What a user is told; the journal's error has the reason in its text. */
const told: Record<Fault['code'], ErrorCode[]> = {
  ENOSPC: ['DISK_FULL', 'JOURNAL_FAILED'],
  EROFS: ['WORKSPACE_READ_ONLY', 'FLYWHEEL_FOLDER_UNWRITABLE', 'JOURNAL_FAILED'],
  EIO: ['DISK_FAILED', 'JOURNAL_FAILED'],
};

/** Something that writes, in a workspace of its own or under a new name each time. */
interface Work {
  /** Below it writes fail. */
  folder: string;
  run(): Promise<unknown>;
  /** After a run that failed, and after one that did not. @throws when something half is there, or something whole is not */
  check(isDone: boolean): Promise<void>;
}

/** That of a run is stored. */
const codeOf = (failure: unknown) => (failure as { told?: ErrorCode }).told ?? toMitateError(failure).code;

let leaf: LabelledRequests;
let scratch: ScratchFolder;
let photos: Buffer[];
const input = () => scratch.at('photos.txt');

const filesIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : [];

async function goldenAdd(): Promise<Work> {
  const { store } = leaf;
  const set = `held-${randomUUID().slice(0, 8)}`;
  const folder = join(store.workspace.golden, store.project, set);
  return {
    folder: store.workspace.dir,
    run: () => addGolden(store, { set, endpoint: 'leaf', actor: tester }),
    async check(isDone) {
      const recorded = await store.golden.listPhotos(set);
      expect(recorded).toHaveLength(isDone ? photos.length : 0);
      const files = filesIn(folder).filter((name) => /\.\w+$/.test(name));
      expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
      for (const name of files) expect(name).toContain(sha256(readFileSync(join(folder, name))));
      if (isDone) expect(files).toHaveLength(photos.length);
    },
  };
}

async function flywheelExport(): Promise<Work> {
  const to = `spans-${randomUUID().slice(0, 8)}`;
  const project = await leaf.another();
  for (const [i, photo] of photos.entries()) await project.answered(photo, i % 2 ? 'unwell' : 'healthy');
  const folder = project.scratch.at(to);
  return {
    folder: project.scratch.path,
    run: () => project.export({ to }),
    async check(isDone) {
      const spans = filesIn(folder).filter((name) => /^span-\d+$/.test(name));
      const noted = await project.store.flywheel.listSpans();
      if (isDone) expect(noted.map(({ span }) => `span-${span}`)).toEqual(spans);
      expect(spans).toHaveLength(isDone ? 1 : spans.length);
      const pictures = filesIn(folder).filter((name) => name.startsWith('span-') && name.endsWith('.jpg'));
      for (const name of pictures) expect(name).toContain(sha256(readFileSync(join(folder, name))));
      if (spans.length > 0) expect(pictures).toHaveLength(photos.length);
    },
  };
}

async function workspaceBackup(): Promise<Work> {
  const file = join(leaf.store.workspace.backups, `${randomUUID()}.tar.gz`);
  return {
    folder: leaf.store.workspace.dir,
    run: () => backup(leaf.store, file),
    async check(isDone) {
      if (isDone) expect(existsSync(file)).toBe(true);
      // one of which only the folder was not synced is whole: the manifest is its last entry
      if (existsSync(file)) expect(gunzipSync(readFileSync(file)).toString('latin1')).toContain('mitate-backup/1');
      const others = filesIn(leaf.store.workspace.backups).filter((name) => !/^[\w-]+\.tar\.gz$/.test(name));
      expect(others).toEqual([]);
    },
  };
}

async function pipelineRun(): Promise<Work> {
  const source = fileURLToPath(new URL('./small.pipeline.ts', import.meta.url));
  const pipeline = await loadPipeline(source);
  const { store } = await leaf.another();
  const { artifacts, dir: workspace } = store.workspace;
  writeFileSync(input(), `photos ${randomUUID()}`);
  const parameters = { file: input() };
  return {
    folder: workspace,
    async run() {
      const options = { store, workspace, source, parameters, processes: 1, maxParallel: 1 };
      const { state, error } = await runPipeline(pipeline, options);
      if (state !== 'succeeded') throw Object.assign(new Error(error?.message), { told: error?.code });
    },
    async check(isDone) {
      const uris = (await store.listArtifacts({ limit: 100 })).map(({ uri }) => uri);
      for (const uri of uris) expect(filesIn(uri).length).toBeGreaterThan(0);
      expect(await store.listRuns({ state: 'running' })).toEqual([]);
      expect((await store.listVersions('small')).length).toBe(isDone ? 1 : 0);
      if (isDone) expect(filesIn(join(artifacts, '.staging'))).toEqual([]);
    },
  };
}

/** Predictions, as a server journals them, with photos to keep. */
async function journalled(): Promise<Work> {
  const { store } = await leaf.another();
  const folder = scratch.at(randomUUID());
  const images = localImages(join(folder, 'images'));
  const open = () =>
    openJournal({
      dir: join(folder, 'journal'),
      requests: store.requests,
      images,
      source: 'test',
      logger: silentLogger,
      drainEveryMs: 10,
      segmentBytes: 30_000,
    });
  const promised: { id: string; image: string }[] = [];
  let journal = await open();
  return {
    folder,
    async run() {
      let error: unknown = null;
      for (const photo of photos) {
        const image = sha256(photo);
        const record = requestRecord({ project: store.project, imageSha256: image });
        await journal.append([{ record, image: photo }]).then(
          () => promised.push({ id: record.publicId, image }),
          (failure) => {
            error = failure;
          },
        );
      }
      if (error !== null) throw error;
    },
    async check(isDone) {
      // without a restart, and after one
      await journal.drained();
      if (isDone) {
        await journal.close();
        journal = await open();
        await journal.drained();
        await journal.close();
      }
      const logged: string[] = [];
      for await (const page of store.requests.scanRequests()) logged.push(...page.map(({ publicId }) => publicId));
      expect(promised.filter(({ id }) => !logged.includes(id))).toEqual([]);
      expect(new Set(logged).size).toBe(logged.length);
      for (const { image } of promised) expect(sha256((await images.get(store.project, image))!)).toBe(image);
    },
  };
}

const works: Record<string, () => Promise<Work>> = {
  'a golden set': goldenAdd,
  'a flywheel export': flywheelExport,
  'a backup': workspaceBackup,
  'a run of a pipeline': pipelineRun,
  'the journal of a server': journalled,
};

/** Counts the writes of an undisturbed one, then lets one fail at a write, and all after it. @param every at each write, else at a few */
export function describeDiskFaults(every: boolean): void {
  vi.setConfig({ hookTimeout: 240_000, testTimeout: 3_600_000 });
  beforeAll(async () => {
    leaf = await LabelledRequests.open({ serves: true });
    scratch = new ScratchFolder();
    photos = await Promise.all(Array.from({ length: 3 }, (_, i) => smallPhoto(i)));
    for (const [i, photo] of photos.entries()) await leaf.answered(photo, i % 2 ? 'unwell' : 'healthy');
  });
  afterAll(async () => {
    await leaf?.[Symbol.asyncDispose]();
    scratch?.[Symbol.dispose]();
  });

  describe.each(Object.keys(works))('%s', (name) => {
    let total = 0;
    beforeAll(async () => {
      const work = await works[name]!();
      using disk = failDisk({ folder: work.folder, from: Number.POSITIVE_INFINITY, code: 'EIO' });
      await work.run();
      await work.check(true);
      total = disk.writes;
    });

    it.each([
      'ENOSPC',
      'EROFS',
      'EIO',
    ] as const)('that meets %s is refused, loses nothing, and goes on when it is over', async (code) => {
      expect(total).toBeGreaterThan(2);
      const points = every ? Array.from({ length: total }, (_, i) => i + 1) : [1, (total >> 1) + 1, total];
      for (const from of points) {
        const work = await works[name]!();
        let failure: unknown = null;
        {
          using _ = failDisk({ folder: work.folder, from, code });
          await work.run().catch((error) => {
            failure = error;
          });
        }
        if (failure !== null)
          expect([`write ${from}`, codeOf(failure)]).toEqual([`write ${from}`, expect.toBeOneOf(told[code])]);
        await work.check(failure === null);
        if (failure !== null) {
          await work.run();
          await work.check(true);
        }
      }
    });
  });
}
