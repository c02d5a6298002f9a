import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { erase } from '../../src/actions/erasure/erase.ts';
import type { Erased } from '../../src/actions/erasure/erasure.ts';
import { readImages, readIndex } from '../../src/artifacts/examples/read-examples.ts';
import { openEmbeddings } from '../../src/artifacts/transform-graph/open-embeddings.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import {
  definePipeline,
  evaluator,
  exampleGen,
  exampleValidator,
  infraValidator,
  param,
  pusher,
  question,
  schemaGen,
  statisticsGen,
  trainer,
  transform,
} from '../../src/index.ts';
import { InferencePool } from '../../src/inference/inference-pool.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import { archivePath } from '../../src/serving/log/expire.ts';
import { exportRequests } from '../../src/serving/log/export/export-requests.ts';
import { withFeedback } from '../../src/serving/log/export/with-feedback.ts';
import { localArtifacts } from '../../src/store/artifacts/fs.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { requestRecord } from '../support/request-record.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { someone } from '../support/tester.ts';

const pipeline = definePipeline(
  'leaf',
  { images: param.uri(), destination: param.uri() },
  ({ images, destination }) => {
    const { examples } = exampleGen({ source: images, groupBy: 'none' });
    const { statistics } = statisticsGen({ examples });
    const { schema } = schemaGen({ statistics });
    const { anomalies } = exampleValidator({ statistics, schema });
    const { transformGraph } = transform({ examples, schema, anomalies, views: ['plain'] });
    const { model } = trainer({
      examples,
      transformGraph,
      task: question('unwell', { negative: /healthy/i, otherwise: 'healthy' }),
      head: { hidden: 16, epochs: 8, minSteps: 0 },
      warmupRequests: 64,
    });
    const { evaluation } = evaluator({ examples, model, transformGraph });
    const { infraBlessing } = infraValidator({ model, examples });
    pusher({ model, infraBlessing, evaluation, modelName: 'leaf', endpoint: 'leaf', destination });
  },
);

const change = { actor: someone('ann'), why: 'asked to' };

describe('a photo that is erased', () => {
  const scratch = new ScratchFolder();
  let store: OpenStore;
  let erased: Erased[];
  /** One of each split, and a mistake or suspect among them where there is one. */
  let photos: { sha256: string; split: string; filename: string; vector: Buffer }[];
  /** Files that held each of them, and in which form. */
  let before: string[][];
  let kept: { requests: string[]; images: string };

  beforeAll(async () => {
    store = await openStore({ workspace: scratch.at('workspace') });
    for (const { filename, bytes } of await drawnPhotos(120)) {
      await mkdir(dirname(scratch.at('photos', filename!)), { recursive: true });
      await writeFile(scratch.at('photos', filename!), bytes);
    }
    const { workspace } = store;
    const run = await runPipeline(pipeline, {
      store,
      workspace: workspace.dir,
      processes: 2,
      parameters: { images: scratch.at('photos'), destination: scratch.at('pushed') },
    });
    expect(run.steps.map(({ state, error }) => error ?? state)).not.toContain('failed');
    photos = await choosePhotos(store);
    const records = photos.map((photo) => requestRecord({ imageSha256: photo.sha256 }));
    const other = requestRecord();
    const rows = [...records, other].map((record) => JSON.stringify({ ...record, imageKept: true }));
    await store.requests.ingest('test', rows, { segment: 1, offset: 0 });
    const images = localImages(workspace.images);
    for (const { imageSha256 } of [...records, other]) await images.put('default', imageSha256!, Buffer.from('photo'));
    const pages = withFeedback(store.requests.scanRequests(), store.feedback);
    await exportRequests(archivePath(workspace.log, 'default', '2025-01'), 'parquet', pages);
    kept = { requests: [other.publicId], images: other.imageSha256! };
    before = photos.map((photo) => placesOf(photo));
    erased = [];
    for (const { sha256: image } of photos) erased.push(await erase(store, { image, ...change }));
  }, 240_000);
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  });

  it('is in no file of the workspace any more, in no form that it had there', () => {
    const had = before.map((places) => places.map((place) => place.replace(/\/[0-9a-f-]{36}(?=\/)/, '')).join('\n'));
    for (const places of had) {
      expect(places).toMatch(/^bytes in artifacts.*tfrecord/m);
      expect(places).toMatch(/^sha256 in artifacts.*examples.jsonl/m);
      expect(places).toMatch(/^embedding in artifacts.*embeddings.f32/m);
      expect(places).toMatch(/^embedding in cache/m);
    }
    expect(had.join('\n')).toMatch(/^base64 in artifacts.*warmup/m);
    expect(had.join('\n')).toMatch(/^sha256 in artifacts.*drift-reference/m);
    expect(had.join('\n')).toMatch(/^sha256 in artifacts.*reference-observations/m);
    expect(photos.map((photo) => placesOf(photo))).toEqual(photos.map(() => []));
  });

  /** `bytes in artifacts/...`: the database's own files are not looked at, PostgreSQL reuses their space in its own time. */
  function placesOf({ sha256, filename, vector }: (typeof photos)[number]): string[] {
    const image = readFileSync(scratch.at('photos', filename));
    const base64 = Buffer.from(image.toString('base64').slice(400, 460));
    const forms = { bytes: image.subarray(200, 260), base64, sha256: Buffer.from(sha256), embedding: vector };
    const { dir } = store.workspace;
    return filesBelow(dir).flatMap((path) => {
      const bytes = path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);
      const found = Object.entries(forms).filter(([, form]) => bytes.includes(form));
      return found.map(([form]) => `${form} in ${relative(dir, path)}`);
    });
  }

  it('leaves everything else as it was, and sound', async () => {
    const artifacts = localArtifacts(store.workspace.artifacts);
    const live = await store.listArtifacts({ live: true });
    for (const { uri, digest } of live) await artifacts.verify(uri, digest);
    const examples = live.find(({ type }) => type === 'Examples')!;
    const index = await readIndex(examples.uri);
    expect(index).toHaveLength(120 - photos.length);
    expect(examples.properties.examples).toBe(index.length);
    const transformUri = live.find(({ type }) => type === 'TransformGraph')!.uri;
    for (const split of ['train', 'eval', 'test'] as const) {
      let count = 0;
      for await (const { example, image } of readImages(examples.uri, split)) {
        expect(sha256(image)).toBe(example.sha256);
        count++;
      }
      const rows = openEmbeddings(transformUri, split);
      expect(rows.count).toBe(count);
      rows.close();
    }
    expect((await store.requests.listRequests()).map(({ publicId }) => publicId)).toEqual(kept.requests);
    expect(await localImages(store.workspace.images).get('default', kept.images)).not.toBeNull();
    const file = await asyncBufferFromFile(archivePath(store.workspace.log, 'default', '2025-01'));
    expect((await parquetReadObjects({ file })).map(({ public_id }) => public_id)).toEqual(kept.requests);
  });

  it('leaves the model registered, deployed and answering', async () => {
    const [version] = await store.listVersions('leaf');
    const artifact = await store.getArtifact(version!.artifactId);
    expect(artifact).toMatchObject({ deletedAt: null, digest: version!.artifactDigest, uri: version!.artifactUri });
    expect(await store.listDeployments('leaf')).toMatchObject([{ version: 1, traffic: 100 }]);
    const pool = await InferencePool.open({ processes: 1 });
    try {
      expect((await pool.loadModel('leaf', version!.artifactUri)).labels).toHaveLength(4);
    } finally {
      await pool.close();
    }
  });

  it('is named with the models that were trained on it, and where it still lies', () => {
    expect(erased.map(({ photos: [photo] }) => photo!.trainedOn)).toEqual(
      photos.map(({ split }) => (split === 'train' ? [{ name: 'leaf', version: 1 }] : [])),
    );
    expect(erased.map(({ photos: [photo] }) => photo!.filenames)).toEqual(photos.map(({ filename }) => [filename]));
    // 12 eval photos are warm-up requests, of up to 64
    expect(erased.map(({ photos: [photo] }) => photo!.copies)).toContainEqual([scratch.at('pushed')]);
    expect(erased.every(({ rows, files }) => rows === 1 && files.length === 1 && files[0]!.rows === 1)).toBe(true);
    expect(erased.every(({ embeddings }) => embeddings >= 1)).toBe(true);
  });

  it('is not taken in again from its source, where it still lies', async () => {
    const only = definePipeline('leaf', { images: param.uri() }, ({ images }) => {
      exampleGen({ source: images, groupBy: 'none' });
    });
    const options = { store, workspace: store.workspace.dir, processes: 1 };
    const run = await runPipeline(only, { ...options, parameters: { images: scratch.at('photos') } });
    expect(run.steps.map(({ state }) => state)).toEqual(['succeeded']);
    const [examples] = await store.listArtifacts({ runId: run.runId, type: 'Examples' });
    const ids = (await readIndex(examples!.uri)).map(({ sha256 }) => sha256);
    expect(ids).toHaveLength(120 - photos.length);
    expect(ids.filter((id) => photos.some(({ sha256 }) => sha256 === id))).toEqual([]);
  });

  it('has a tombstone, lineage from old to new, and a line in the audit log that is a hash too', async () => {
    const stones = await store.requests.listTombstones();
    expect(stones.map(({ hash }) => hash).sort()).toEqual(
      photos.map(({ sha256: id }) => sha256(`default/${id}`)).sort(),
    );
    const { from, to } = erased[0]!.photos[0]!.replaced.find(({ type }) => type === 'Examples')!;
    expect((await store.getArtifact(from))?.deletedAt).not.toBeNull();
    const made = await store.getArtifact(to);
    const { inputs } = await store.executionArtifacts(made!.executionId);
    expect(inputs.map(({ artifact }) => artifact.id)).toContain(from);
    const [line] = await store.access.listAudit({ project: 'default' });
    expect(line).toMatchObject({ action: 'log.erase', subject: sha256(`default/${photos.at(-1)!.sha256}`) });
  });
});

/** The first of each split, with its embedding as bytes. */
async function choosePhotos(store: OpenStore) {
  const live = await store.listArtifacts({ live: true });
  const uriOf = (type: string) => live.find((artifact) => artifact.type === type)!.uri;
  const chosen = [];
  for (const split of ['train', 'eval', 'test'] as const) {
    const [example] = await readIndex(uriOf('Examples'), split);
    const rows = openEmbeddings(uriOf('TransformGraph'), split);
    const vector = new Float32Array(rows.size);
    rows.read([0], vector);
    rows.close();
    chosen.push({ ...example!, vector: Buffer.from(vector.buffer).subarray(0, 256) });
  }
  return chosen;
}

function filesBelow(workspace: string): string[] {
  return readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(workspace, 'db')) && !path.endsWith('.lock'));
}
