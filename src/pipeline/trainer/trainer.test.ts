import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { artifactAt, type Ran, runComponent } from '../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { readImages } from '../../artifacts/examples/read-examples.ts';
import { answer } from '../../artifacts/model/answer.ts';
import { readModelFile, readSignature } from '../../artifacts/model/model-files.ts';
import { readChangedAnswers } from '../../artifacts/model/read-changed-answers.ts';
import { projectionOf, readReferenceObservations } from '../../artifacts/model/read-reference-observations.ts';
import { sha256 } from '../../codecs/digest.ts';
import { driftReferenceSchema } from '../../contracts/artifacts/drift-reference.ts';
import { modelCardSchema } from '../../contracts/artifacts/model-card.ts';
import { warmupRequestSchema } from '../../contracts/artifacts/warmup.ts';
import { attentionOf } from '../../inference/explain/attention.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { createSession } from '../../onnx/session.ts';
import { toPixels } from '../../vision/pixels.ts';
import { shifts } from '../../vision/shift/kinds.ts';
import { run as runTransform } from '../transform/run.ts';
import { transformSpec } from '../transform/spec.ts';
import { run } from './run.ts';
import { trainerSpec } from './spec.ts';

const folder = temporaryFolder();
const examples = join(folder.path, 'examples');
const head = { hidden: 64, epochs: 12, minSteps: 0 };
const task = {
  kind: 'question' as const,
  positive: 'unwell',
  negative: 'healthy',
  negativePattern: { source: 'healthy', flags: 'i' },
};
let transformGraph: string;

beforeAll(async () => {
  await writePhotoExamples(examples, await drawnPhotos(400));
  const ran = await runComponent(transformSpec, runTransform, join(folder.path, 'transform'), {
    inputs: { examples: artifactAt('Examples', examples) },
    parameters: { views: ['plain', 'flip-h'] },
  });
  transformGraph = ran.outputs.transformGraph!;
  return () => folder[Symbol.dispose]();
});

function train(name: string, parameters: Record<string, unknown> = {}, changes = {}) {
  return runComponent(trainerSpec, run, join(folder.path, name), {
    inputs: {
      examples: artifactAt('Examples', examples),
      transformGraph: artifactAt('TransformGraph', transformGraph),
    },
    parameters: { head, task, ...parameters },
    ...changes,
  });
}

let trained: ReturnType<typeof train> | undefined;
/** The model folder of `train` as it is, for all who only read. A training takes ten seconds. */
async function plainModel(): Promise<Ran> {
  trained ??= train('plain', {}, { processes: 1 });
  return await trained;
}

/** One that the test may change. */
async function copyOfPlainModel(name: string): Promise<string> {
  const copy = join(folder.path, name);
  cpSync((await plainModel()).outputs.model!, copy, { recursive: true });
  return copy;
}

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Path -> sha256 of every file below. */
function digests(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((path) => [path.slice(root.length), sha256(readFileSync(path))]),
  );
}

describe('Trainer on drawn leaves', () => {
  it('exports a graph with the predictions of training, which averages views', async () => {
    const { outputs } = await train('answers', { testViews: 'all' });
    const signature = await readSignature(outputs.model!);
    expect(signature.views).toEqual(['plain', 'flip-h']);
    expect(Object.keys(signature.files).sort()).toEqual(['explain.onnx', 'model.onnx']);
    const session = await createSession(await readModelFile(outputs.model!, signature, 'model.onnx'));
    const requests = lines(join(outputs.model!, 'warmup/requests.jsonl')).map((line) =>
      warmupRequestSchema.parse(line),
    );
    expect(requests).toHaveLength(8);
    const { width, height } = signature.preprocess;
    for (const { image, probabilities } of requests) {
      const bytes = Buffer.from(image, 'base64');
      const pixels = new Tensor('uint8', await toPixels(bytes, signature.preprocess), [1, height, width, 3]);
      const answered = (await session.run({ pixels })).probabilities!.data as Float32Array;
      probabilities.forEach((expected, k) => {
        expect(Math.abs(answered[k]! - expected)).toBeLessThan(1e-4);
      });
    }
    await session.release();
  });

  it('writes what monitors, users and the next run read, each according to its contract', async () => {
    const { outputs, result } = await train('files', { card: { name: 'leaf: "health"', license: 'Apache-2.0' } });
    const read = (name: string) => JSON.parse(readFileSync(join(outputs.model!, name), 'utf8'));
    const drift = driftReferenceSchema.parse(read('drift-reference.json'));
    expect(Object.values(drift.labels).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(drift.scores.histogram.reduce((sum, count) => sum + count, 0)).toBe(drift.examples);
    const { rows, size, file } = drift.projection;
    expect(readFileSync(join(outputs.model!, file)).length).toBe(rows * size * 2);
    const { above, own, others } = drift.distribution!.refusal!;
    expect(above).toBeGreaterThanOrEqual(1);
    expect(own.photos).toBe(drift.examples);
    expect(others.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['drawn face', 'photos of a label left out']),
    );
    const card = modelCardSchema.parse(read('model-card.json'));
    expect(JSON.stringify(card.considerations.limitations)).toContain('not grouped');
    expect(card.quantitative_analysis.performance_metrics).toContainEqual(
      expect.objectContaining({ type: 'share_refused', slice: 'drawn face (16)' }),
    );
    expect(readFileSync(join(outputs.model!, 'model-card.md'), 'utf8')).toMatch(/^---\nlicense: "apache-2.0"\n/);
    // the pattern had the escapes of Markdown and HTML in it
    expect(readFileSync(join(outputs.model!, 'model-card.md'), 'utf8')).toContain('does not match `/healthy/i`');
    const history = lines(join(outputs.modelRun!, 'history.jsonl'));
    expect(history[0]).toMatchObject({ epoch: 1, evalNll: expect.any(Number) });
    expect(history.at(-1).loss).toBeLessThan(history[0].loss);
    expect(result.properties?.modelRun).toMatchObject({ eval_accuracy: expect.any(Number) });
  });

  it('stores eval photos with the predictions of serving, and train photos without, for the monitors', async () => {
    const { outputs } = await plainModel();
    const observations = await readReferenceObservations(outputs.model!, { abstain: { low: 0.4, high: 0.6 } });
    const answered = observations.filter(({ label }) => label !== null);
    expect(answered).toHaveLength(
      lines(join(examples, 'examples.jsonl')).filter(({ split }) => split === 'eval').length,
    );
    expect(observations.length - answered.length).toBeGreaterThan(200);
    await using pool = await InferencePool.open({ processes: 1 });
    await pool.loadModel('leaves', outputs.model!);
    const signature = await readSignature(outputs.model!);
    for await (const { example, image } of readImages(examples, 'eval', ({ sha256 }) => sha256 < '2')) {
      const served = await pool.serve('leaves', image);
      const kept = answered.find(({ id }) => id === example.sha256)!;
      const given = answer(served.probabilities, signature);
      expect(kept).toMatchObject({ label: given.label, quality: served.quality, properties: served.properties });
      expect(kept.uncertain).toBe(kept.score! >= 0.4 && kept.score! <= 0.6);
      expect(Math.abs(kept.score! - given.positiveProbability!)).toBeLessThan(1e-4);
      expect(kept.probabilities![1]).toBeCloseTo(kept.score!, 12);
      expect(kept.truth!.label).toBe(/healthy/i.test(example.label) ? 'healthy' : 'unwell');
      expect(Math.abs(kept.outOfDistributionScore! - served.outOfDistribution!.score)).toBeLessThan(1e-3);
      const projection = projectionOf(Buffer.from(served.projection).toString('base64'));
      expect(Math.max(...projection.map((value, k) => Math.abs(kept.projection![k]! - value)))).toBeLessThan(0.02);
      const { border, entropy } = attentionOf(await pool.explain('leaves', image));
      expect(kept.attention!.border).toBeCloseTo(border, 6);
      expect(kept.attention!.entropy).toBeCloseTo(entropy, 6);
    }
  });

  it('stores the answers to eval photos that were changed on purpose, as serving gives them, for the estimate without labels', async () => {
    const model = await copyOfPlainModel('changed');
    const rows = await readChangedAnswers(model);
    const evalPhotos = new Map<string, Uint8Array>();
    for await (const { example, image } of readImages(examples, 'eval')) evalPhotos.set(example.sha256, image);
    expect(rows.every(({ id }) => evalPhotos.has(id))).toBe(true);
    const kinds = Map.groupBy(rows, ({ change }) => change);
    expect([...kinds.keys()].toSorted()).toEqual([...Object.keys(shifts), null].toSorted());
    expect(rows.length).toBeLessThanOrEqual(644);
    for (const [, each] of kinds) expect(each.length).toBeGreaterThanOrEqual(15);
    const rightOf = (kind: string | null) => {
      const answers = kinds.get(kind)!;
      return answers.filter(({ answer: { label, truth } }) => label === truth).length / answers.length;
    };
    expect(rightOf('noise')).toBeLessThan(rightOf(null));
    await using pool = await InferencePool.open({ processes: 1 });
    await pool.loadModel('leaves', model);
    for (const { id, answer: kept } of kinds.get(null)!.slice(0, 3)) {
      const served = await pool.serve('leaves', evalPhotos.get(id)!);
      const given = answer(served.probabilities, await readSignature(model));
      expect(kept.label).toBe(given.label);
      expect(Math.abs(kept.score - given.positiveProbability!)).toBeLessThan(1e-4);
      expect(Math.abs(kept.outOfDistributionScore! - served.outOfDistribution!.score)).toBeLessThan(1e-3);
    }
    rmSync(join(model, 'changed-answers.jsonl'));
    expect(await readChangedAnswers(model)).toEqual([]);
  });

  it('reads a model without reference rows, and names a corrupt line', async () => {
    const model = await copyOfPlainModel('older');
    const path = join(model, 'reference-observations.jsonl');
    writeFileSync(path, '{"id":1}\n');
    await expect(readReferenceObservations(model)).rejects.toMatchObject({
      code: 'MODEL_REFERENCE_INVALID',
      message: expect.stringContaining('line 1'),
    });
    rmSync(path);
    expect(await readReferenceObservations(model)).toEqual([]);
  });

  it('gives the same bytes whatever the number of processes, and others with another seed', async () => {
    const one = await plainModel();
    const four = await train('four', {}, { processes: 4 });
    expect(digests(four.outputs.model!)).toEqual(digests(one.outputs.model!));
    expect(digests(four.outputs.modelRun!)).toEqual(digests(one.outputs.modelRun!));
    const other = await train('other', {}, { seed: 2 });
    expect(digests(other.outputs.model!)).not.toEqual(digests(one.outputs.model!));
  });

  it('calibrates on eval photos that did not choose the epoch', async () => {
    const { outputs } = await plainModel();
    const about = JSON.parse(readFileSync(join(outputs.modelRun!, 'run.json'), 'utf8'));
    expect(about.calibration.photos + about.stoppingPhotos).toBe(about.eval.photos);
    expect(about.calibration.method).toBe('eval-half');
  });

  it('rejects a question with the same answer for every label, and a view that was not embedded', async () => {
    const negativePattern = { source: 'no such label', flags: '' };
    await expect(train('alike', { task: { ...task, negativePattern } })).rejects.toMatchObject({
      code: 'TRAINING_LABELS_TOO_FEW',
    });
    await expect(train('view', { testViews: ['rot90'] })).rejects.toMatchObject({ code: 'TRAINING_VIEW_MISSING' });
  });

  it('keeps a sensitivity, costs and label sets in the model, and says so in the card', async () => {
    const rule = { cost: { falseNegative: 9, falsePositive: 1 } };
    const { outputs } = await train('promises', { threshold: rule, labelSets: { coverage: 0.9 } });
    const signature = await readSignature(outputs.model!);
    expect(signature).toMatchObject({ thresholdRule: rule, labelSets: { coverage: 0.9 } });
    expect(signature.threshold).toBeLessThan(0.5);
    const card = readFileSync(join(outputs.model!, 'model-card.md'), 'utf8');
    expect(card).toMatch(
      /\| sensitivity \| [\d.]+ \| eval photos that did not choose the threshold \|\n\| specificity .*\n\| mean_cost /,
    );
    expect(card).toContain('holds the true one for 90 % of photos');
    const plain = await readSignature((await plainModel()).outputs.model!);
    expect(plain).not.toHaveProperty('labelSets');
    expect(plain).not.toHaveProperty('thresholdRule');
  });

  it.each([
    [{ threshold: { sensitivity: 0.999 } }, 'TRAINING_PROMISE_PHOTOS_TOO_FEW', 'a sensitivity of 0.999'],
    [{ labelSets: { coverage: 0.999 } }, 'TRAINING_PROMISE_PHOTOS_TOO_FEW', 'it takes at least 999'],
    [{ threshold: { sensitivity: 0.9 }, task: { kind: 'multiclass' } }, 'TRAINING_THRESHOLD_WITHOUT_QUESTION', '0.9'],
  ])('refuses a promise that it cannot show: %j', async (parameters, code, text) => {
    const message = expect.stringContaining(text);
    await expect(train('refused', parameters)).rejects.toMatchObject({ code, message });
  });

  it.each([
    { threshold: { cost: { falseNegative: 0, falsePositive: 1 } } },
    { threshold: { cost: { falseNegative: 1, falsePositive: -2 } } },
    { threshold: { sensitivity: 1 } },
    { labelSets: { coverage: 0 } },
    { labelSets: { coverage: 1 } },
  ])('takes no promise of nothing or of everything: %j', (parameters) => {
    expect(trainerSpec.parameters.safeParse(parameters).success).toBe(false);
  });

  it('stops when it is cancelled', async () => {
    const cancel = new AbortController();
    const progress = (done: number) => done === 2 && cancel.abort();
    await expect(train('cancelled', {}, { signal: cancel.signal, progress })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});
