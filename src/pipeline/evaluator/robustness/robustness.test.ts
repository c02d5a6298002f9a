import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { artifactAt, runComponent } from '../../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { trainedModels } from '../../../../tests/support/trained-models.ts';
import { readImages } from '../../../artifacts/examples/read-examples.ts';
import { blessingSchema } from '../../../contracts/artifacts/blessing.ts';
import { evaluationSchema } from '../../../contracts/artifacts/evaluation.ts';
import { modelCardSchema } from '../../../contracts/artifacts/model-card.ts';
import { InferencePool } from '../../../inference/inference-pool.ts';
import { decodePixels } from '../../../vision/decode-pixels.ts';
import { encodePng } from '../../../vision/encode.ts';
import { run } from '../run.ts';
import { evaluatorSpec } from '../spec.ts';

it('a threshold on altered photos refuses a model; figures stand in evaluation.json, report and card', async () => {
  using folder = temporaryFolder();
  const [model] = await trainedModels(folder.path, 1, 240);
  const inputs = {
    examples: artifactAt('Examples', join(folder.path, 'examples')),
    model: artifactAt('Model', model!),
  };
  const ran = await runComponent(evaluatorSpec, run, join(folder.path, 'run'), {
    inputs,
    parameters: {
      robustness: { photos: 20, kinds: ['darker', 'background'] },
      robustnessThresholds: {
        darker: { accuracy: { change: 0.5 }, nll: { max: 100 } },
        background: { auc: { min: 0 } },
      },
      resamples: 100,
    },
  });
  const read = (output: string, name: string) => readFileSync(join(ran.outputs[output]!, name), 'utf8');
  const { robustness, examples } = evaluationSchema.parse(JSON.parse(read('evaluation', 'evaluation.json')));
  expect(robustness).toMatchObject({ photos: 20, kinds: [{ kind: 'darker', photos: 20 }, { kind: 'background' }] });
  const [darker, background] = robustness!.kinds;
  // the share that changed its answer is at least the change of the share that is right
  for (const { changed, difference } of robustness!.kinds)
    expect(changed!.value).toBeGreaterThanOrEqual(Math.abs(difference.accuracy.value!) - 1e-9);
  expect(darker!.changed!.value).toBeGreaterThan(0);
  const before = darker!.metrics.accuracy.value! - darker!.difference.accuracy.value!;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThanOrEqual(1);
  expect(background!.photos).toBeLessThanOrEqual(20);

  const blessing = blessingSchema.parse(JSON.parse(read('blessing', 'blessing.json')));
  expect(blessing.blessed).toBe(false);
  expect(blessing.checks.slice(0, 2)).toMatchObject([
    { name: 'darker: change of accuracy at least 0.5', passed: false, code: 'EVALUATION_CHANGE_THRESHOLD' },
    { name: 'darker: nll at most 100', value: darker!.metrics.nll.value, passed: true },
  ]);
  const report = read('evaluation', 'report.html');
  expect(report).toContain('pixel values x 0.5');
  expect(report).toContain('Accuracy in the field is unknown');
  const card = modelCardSchema.parse(JSON.parse(read('evaluation', 'model-card.json')));
  const slice = 'test split, darker (pixel values x 0.5; 20 photos)';
  const rows = card.quantitative_analysis.performance_metrics.filter((row) => row.slice === slice);
  expect(rows.map(({ type }) => type)).toEqual(['accuracy', 'auc', 'change_of_accuracy', 'share_answered_otherwise']);
  expect(rows[0]!.value).toBe(darker!.metrics.accuracy.value!.toFixed(4));
  expect(read('evaluation', 'model-card.md')).toContain(`| accuracy | ${rows[0]!.value} |`);
  // what is cached are the answers to photos as they are
  const segments = readdirSync(join(folder.path, 'run/cache'), { recursive: true, withFileTypes: true });
  const bytes = segments
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  expect(bytes.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(examples * 200);
});

it('answers to an altered photo are those to the same pixels', async () => {
  using folder = temporaryFolder();
  const [model] = await trainedModels(folder.path, 1, 240);
  await using pool = await InferencePool.open({ processes: 1 });
  await pool.loadModel('model', model!);
  for await (const { image } of readImages(join(folder.path, 'examples'), 'test')) {
    const { pixels, width, height } = await decodePixels(image, 256);
    const dark = await encodePng(
      pixels.map((value) => Math.round(value / 2)),
      width,
      height,
    );
    const { probabilities } = await pool.predict('model', dark);
    const changes = [{ kind: 'darker', seed: 'a' } as const, { kind: 'blur', seed: 'a' } as const];
    const [darker, blurred] = await pool.predictChanged('model', image, changes);
    expect(darker).toEqual(probabilities);
    // of the photo as it is, not of the darker one
    expect(await pool.predictChanged('model', image, changes.slice(1))).toEqual([blurred]);
    break;
  }
  const flat = await encodePng(new Uint8Array(3 * 64 * 64).fill(90), 64, 64);
  expect(await pool.predictChanged('model', flat, [{ kind: 'background', seed: 'a' }])).toEqual([null]);
});
