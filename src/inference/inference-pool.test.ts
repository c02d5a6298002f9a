import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import {
  editSignature,
  headWith,
  makeModel,
  modelBytes,
  type TestModel,
  writeModelFolder,
} from '../../tests/support/model-folder.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { readSignature } from '../artifacts/model/model-files.ts';
import { sha256 } from '../codecs/digest.ts';
import { RandomProjection } from '../math/drift/random-projection.ts';
import { toFloat16 } from '../math/stats/float16.ts';
import { inspectImage } from '../vision/inspect.ts';
import { toPixels } from '../vision/pixels.ts';
import { InferencePool, servingPool } from './inference-pool.ts';

const scratch = new ScratchFolder();
let pool: InferencePool;
let model: TestModel;
let uri: string;

beforeAll(async () => {
  const photos = (await drawnPhotos(6)).map(({ bytes }) => bytes);
  model = await makeModel(photos, ['elm_healthy', 'elm_blight', 'oak_mildew']);
  uri = writeModelFolder(scratch.at('model'), model);
  pool = await InferencePool.open({ processes: 2 });
});
afterAll(async () => {
  await pool.close();
  scratch[Symbol.dispose]();
});

describe('inference pool', () => {
  it('answers with a model as it was exported', async () => {
    const signature = await pool.loadModel('leaves', uri);
    expect(signature.labels).toEqual(model.labels);
    for (const [i, photo] of model.photos.entries()) {
      const { probabilities, logits, embedding } = await pool.predict('leaves', photo);
      expect(embedding).toHaveLength(2304);
      expect(logits).toHaveLength(3);
      for (const [k, p] of probabilities.entries()) expect(p).toBeCloseTo(model.probabilities[i]![k]!, 4);
    }
  });

  it('serves: the numbers of predict, and all that the log wants to know', async () => {
    await pool.loadModel('served', uri);
    const photo = model.photos[0]!;
    const { probabilities, embedding } = await pool.predict('served', photo);
    const served = await pool.serve('served', photo, { embedding: true });
    expect(served.probabilities).toEqual(probabilities);
    expect(served.embedding).toEqual(embedding);
    expect((await pool.serve('served', photo)).embedding).toBeNull();
    const { properties } = await inspectImage(photo);
    expect(served).toMatchObject({ format: 'jpeg', width: 96, height: 96, imageSha256: sha256(photo), properties });
    expect(served.pixelsSha256).toBe(sha256(await toPixels(photo, (await readSignature(uri)).preprocess)));
    const axes = new RandomProjection('mitate-drift-projection/1', 2304).project(embedding);
    const logged = new DataView(served.projection.buffer, served.projection.byteOffset);
    expect([...axes].map(toFloat16)).toEqual([...axes.keys()].map((i) => logged.getUint16(2 * i, true)));
    expect(served.inferenceMs).toBeGreaterThan(0);
    expect(served.queueMs).toBeGreaterThan(0);
  });

  it('holds several models at once and lets one go', async () => {
    await pool.loadModel('first', uri);
    await pool.loadModel('second', uri);
    const photo = model.photos[0]!;
    expect(await pool.predict('first', photo)).toEqual(await pool.predict('second', photo));
    pool.unloadModel('first');
    await expect(pool.predict('first', photo)).rejects.toMatchObject({ code: 'MODEL_NOT_LOADED' });
    expect((await pool.predict('second', photo)).probabilities).toHaveLength(3);
  });

  it('takes a new model under an old name without losing a photo', async () => {
    await pool.loadModel('swapped', uri);
    const other = {
      ...model,
      head: { layers: model.head.layers.map((layer) => ({ ...layer, weight: layer.weight.map((w) => -w) })) },
    };
    const probabilities = model.probabilities.map((row) => inverted(row));
    const newUri = writeModelFolder(scratch.at('other'), { ...other, probabilities }, { bytes: modelBytes(other) });
    const [photo] = model.photos;
    const answers: Promise<{ probabilities: Float32Array }>[] = [];
    const timer = setInterval(() => answers.push(pool.predict('swapped', photo!)), 5);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = (await pool.predict('swapped', photo!)).probabilities;
    await pool.loadModel('swapped', newUri);
    const after = (await pool.predict('swapped', photo!)).probabilities;
    clearInterval(timer);
    expect(after).not.toEqual(before);
    for (const { probabilities } of await Promise.all(answers)) expect([before, after]).toContainEqual(probabilities);
  });

  it('refuses a file that was changed, one that is not there, and a signature that is none', async () => {
    const changed = writeModelFolder(scratch.at('changed'), model);
    const path = join(changed, 'Format-Serving', 'model.onnx');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    await expect(pool.loadModel('changed', changed)).rejects.toMatchObject({ code: 'MODEL_DIGEST_MISMATCH' });
    await expect(pool.loadModel('none', scratch.at('none'))).rejects.toMatchObject({ code: 'MODEL_FILE_MISSING' });
    editSignature(changed, () => ({ threshold: 7 }));
    await expect(pool.loadModel('odd', changed)).rejects.toMatchObject({ code: 'MODEL_SIGNATURE_INVALID' });
  });

  it('takes no model that answers in another shape, with NaN, or not as at training; the old one stays', async () => {
    await pool.loadModel('kept', uri);
    const before = (await pool.predict('kept', model.photos[0]!)).probabilities;
    const odd = writeModelFolder(scratch.at('odd'), model);
    editSignature(odd, () => ({ embeddingSize: 100 }));
    await expect(pool.loadModel('kept', odd)).rejects.toMatchObject({ code: 'MODEL_ANSWER_SHAPE' });
    const nan = modelBytes(
      model,
      headWith(model, (weight) => ({ weight: weight.fill(Number.NaN) })),
    );
    const broken = writeModelFolder(scratch.at('broken'), model, { bytes: nan });
    await expect(pool.loadModel('kept', broken)).rejects.toMatchObject({ code: 'MODEL_ANSWERED_NAN' });
    const unwarmed = writeModelFolder(scratch.at('unwarmed'), model, { bytes: nan, warmup: 0 });
    await expect(pool.loadModel('kept', unwarmed)).rejects.toMatchObject({ code: 'MODEL_ANSWERED_NAN' });
    const other = modelBytes(
      model,
      headWith(model, (weight) => ({ weight: weight.map((w) => -w) })),
    );
    const wrong = writeModelFolder(scratch.at('wrong'), model, { bytes: other });
    await expect(pool.loadModel('kept', wrong)).rejects.toMatchObject({ code: 'MODEL_WARMUP_DIFFERS' });
    expect((await pool.predict('kept', model.photos[0]!)).probabilities).toEqual(before);
  });

  it('refuses heat maps of a model without explainer', async () => {
    await pool.loadModel('plain', uri);
    await expect(pool.explain('plain', model.photos[0]!)).rejects.toMatchObject({ code: 'MODEL_NOT_EXPLAINABLE' });
  });

  it('keeps no photo longer than its own deadline, and lets its process live', async () => {
    await pool.loadModel('timely', uri);
    const pids = pool.pids;
    const serve = (deadlineMs?: number) => pool.serve('timely', model.photos[0]!, { deadlineMs });
    const answers = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => serve(i % 2 ? 1 : undefined)));
    const codes = answers.map((one) => (one.status === 'fulfilled' ? 'answered' : one.reason.code));
    expect(codes).toEqual(codes.map((_, i) => (i % 2 ? 'INFERENCE_DEADLINE_EXCEEDED' : 'answered')));
    expect(pool.state).toMatchObject({ waiting: 0, working: 0, up: 2 });
    expect(pool.pids).toEqual(pids);
  });

  it('lets photos in the background wait for all others', async () => {
    await pool.loadModel('both', uri);
    const order: string[] = [];
    const serve = (kind: string, background: boolean) =>
      pool.serve('both', model.photos[0]!, { background }).then(() => order.push(kind));
    const all = [
      ...Array.from({ length: 20 }, () => serve('first', false)),
      ...Array.from({ length: 5 }, () => serve('shadow', true)),
      ...Array.from({ length: 20 }, () => serve('second', false)),
    ];
    await Promise.all(all);
    // A free process takes them while another still has up to four at hand.
    expect(order.indexOf('shadow')).toBeGreaterThanOrEqual(40 - 4);
  });

  it('gives way to its parent, when told to be nice', async () => {
    await using polite = await InferencePool.open({ processes: 2, ...servingPool });
    await polite.loadModel('leaves', uri);
    expect(polite.pids.map((pid) => getPriority(pid) - getPriority())).toEqual([5, 5]);
    expect((await polite.serve('leaves', model.photos[0]!)).probabilities).toHaveLength(3);
  });

  it('loads a model into all processes while another answers, and loses no photo to it', async () => {
    await pool.loadModel('busy', uri);
    const photo = model.photos[0]!;
    let isLoading = true;
    const clients = Array.from({ length: 6 }, async () => {
      let answered = 0;
      for (; isLoading; answered++) await pool.serve('busy', photo);
      return answered;
    });
    await Promise.all(['new 1', 'new 2', 'new 3'].map((name) => pool.loadModel(name, uri)));
    isLoading = false;
    for (const answered of await Promise.all(clients)) expect(answered).toBeGreaterThan(0);
    const both = Array.from({ length: 8 }, () => pool.serve('new 3', photo));
    expect(new Set((await Promise.all(both)).map(({ probabilities }) => probabilities.join())).size).toBe(1);
  });

  it('leaves no process behind when its parent is killed', async () => {
    const module = fileURLToPath(new URL('./inference-pool.ts', import.meta.url));
    const code = `import { InferencePool } from ${JSON.stringify(module)};
      const pool = await InferencePool.open({ processes: 2 });
      console.log(pool.pids.join());`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    const pids = String(line).trim().split(',').map(Number);
    expect(pids).toHaveLength(2);
    parent.kill('SIGKILL');
    const alive = () => pids.filter((pid) => isAlive(pid)).length;
    await expect.poll(alive, { timeout: 10_000 }).toBe(0);
  });
});

/** The answer of a head whose weights changed their sign. */
function inverted(row: number[]): number[] {
  const sum = row.reduce((total, p) => total + 1 / p, 0);
  return row.map((p) => 1 / p / sum);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // An orphan that ended stays a zombie where nobody reaps it.
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}
