import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../../tests/support/drawn-photos.ts';
import { type Photo, writePhotoExamples } from '../../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { type DriftReference, driftReferenceSchema } from '../../../contracts/artifacts/drift-reference.ts';
import { InferencePool } from '../../../inference/inference-pool.ts';
import type { DistributionScore } from '../../../inference/pool-answer.ts';
import { Random } from '../../../math/stats/random.ts';
import { encodeJpeg } from '../../../vision/encode.ts';
import { drawNonSubject } from '../../../vision/non-subject.ts';
import { drawLeaf, drawNonLeaf } from '../../../vision/sample/index.ts';
import { run as runTransform } from '../../transform/run.ts';
import { transformSpec } from '../../transform/spec.ts';
import { run } from '../run.ts';
import { trainerSpec } from '../spec.ts';

const size = 192;
const photos = 100;
const folder = temporaryFolder();
let pool: InferencePool;
let modelUri: string;
let training: Photo[];

const jpeg = (pixels: Uint8Array) => encodeJpeg(pixels, size, size);
const leaf = (i: number) => jpeg(drawLeaf({ seed: `unseen:${i}`, size }).pixels);
const face = (i: number) => jpeg(drawNonSubject('face', size, size, new Random(`unseen:${i}`)).pixels);
const nonLeaf = (i: number) => jpeg(drawNonLeaf({ seed: `unseen:${i}`, size }));

/** Of so many pictures, what is said of them. */
async function sharesOf(draw: (i: number) => Promise<Uint8Array>): Promise<{ flagged: number; refused: number }> {
  const answers = await Promise.all(
    Array.from({ length: photos }, async (_, i) => pool.serve('leaves', await draw(i))),
  );
  const share = (is: (distance: DistributionScore) => boolean) =>
    answers.filter(({ outOfDistribution }) => is(outOfDistribution!)).length / photos;
  return { flagged: share(({ flagged }) => flagged), refused: share(({ score, refuseAbove }) => score > refuseAbove) };
}

function editReference(edit: (reference: DriftReference) => DriftReference): void {
  const path = join(modelUri, 'drift-reference.json');
  writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, 'utf8')))));
}

beforeAll(async () => {
  const examples = artifactAt('Examples', join(folder.path, 'examples'));
  training = await drawnPhotos(500, { size, labels: 10 });
  await writePhotoExamples(examples.uri, training);
  const embedded = await runComponent(transformSpec, runTransform, join(folder.path, 'transform'), {
    inputs: { examples },
    parameters: { views: ['plain'] },
  });
  const transformGraph = artifactAt('TransformGraph', embedded.outputs.transformGraph!);
  const trained = await runComponent(trainerSpec, run, join(folder.path, 'model'), {
    inputs: { examples, transformGraph },
    parameters: { head: { hidden: 32, epochs: 4, minSteps: 0 } },
  });
  modelUri = trained.outputs.model!;
  pool = await InferencePool.open({ processes: 2 });
}, 120_000);
afterAll(async () => {
  await pool?.close();
  folder[Symbol.dispose]();
});

describe('photos unlike those of training', () => {
  it('are flagged: nine in ten drawn scenes without a leaf, at most one leaf in twenty', async () => {
    await pool.loadModel('leaves', modelUri);
    expect((await sharesOf(nonLeaf)).flagged).toBeGreaterThanOrEqual(0.9);
    const leaves = await sharesOf(leaf);
    // 5 % of 100, and two standard errors.
    expect(leaves.flagged).toBeLessThanOrEqual(0.09);
    // 1 % of 100, and two standard errors.
    expect(leaves.refused).toBeLessThanOrEqual(0.03);
    const faces = await sharesOf(face);
    expect(faces.flagged).toBeGreaterThanOrEqual(0.9);
    expect(faces.refused).toBeGreaterThanOrEqual(0.5);
  });

  it('are counted in training: the shares of the reference are those of serving', async () => {
    const path = join(modelUri, 'drift-reference.json');
    const { distribution, examples } = driftReferenceSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const { above, own, others } = distribution!.refusal!;
    expect((await pool.serve('leaves', await leaf(1))).outOfDistribution!.refuseAbove).toBe(above);
    expect(own.photos).toBe(examples);
    expect(own.refused / own.photos).toBeLessThanOrEqual(0.03);
    const faces = others.find(({ what }) => what === 'drawn face')!;
    expect((faces.warned + faces.refused) / faces.photos).toBeGreaterThanOrEqual(0.9);
    expect(faces.refused / faces.photos).toBeGreaterThanOrEqual(0.5);
    // subjects like those of training are not told from them, and the reference says so
    const leftOut = others.find(({ what }) => what === 'photos of a label left out')!;
    expect((leftOut.warned + leftOut.refused) / leftOut.photos).toBeLessThan(0.5);
  });

  it('are shown with the nearest training photos; a training photo is its own nearest', async () => {
    const photo = training.find(({ split }) => split === 'train');
    const { imageSha256, outOfDistribution } = await pool.serve('leaves', photo!.bytes);
    const { projection } = driftReferenceSchema.parse(
      JSON.parse(readFileSync(join(modelUri, 'drift-reference.json'), 'utf8')),
    );
    expect(projection.ids).toHaveLength(projection.rows);
    expect(outOfDistribution!.nearest[0]).toBe(imageSha256);
    expect(outOfDistribution!.nearest).toHaveLength(5);
    expect(projection.ids).toEqual(expect.arrayContaining(outOfDistribution!.nearest));
  });

  it('are found with an older model without a detector, too, less reliably; its photos have no ids', async () => {
    editReference(({ distribution: _, projection: { ids: __, ...projection }, ...rest }) => ({ ...rest, projection }));
    await pool.loadModel('leaves', modelUri);
    expect((await sharesOf(nonLeaf)).flagged).toBeGreaterThan(0.5);
    expect((await sharesOf(leaf)).flagged).toBeLessThanOrEqual(0.12);
    expect((await pool.serve('leaves', await leaf(1))).outOfDistribution).toMatchObject({
      nearest: [],
      refuseAbove: 3,
    });
  });

  it('are not searched for in a model without a reference; a corrupt one is rejected', async () => {
    writeFileSync(join(modelUri, 'drift-projection.f16'), 'short');
    await expect(pool.loadModel('other', modelUri)).rejects.toMatchObject({ code: 'MODEL_REFERENCE_INVALID' });
    rmSync(join(modelUri, 'drift-reference.json'));
    await pool.loadModel('other', modelUri);
    expect((await pool.serve('other', await leaf(1))).outOfDistribution).toBeNull();
  });
});
