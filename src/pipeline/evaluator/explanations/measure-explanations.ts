import { readImages } from '../../../artifacts/examples/read-examples.ts';
import type { Explanations } from '../../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import { MitateError } from '../../../errors/index.ts';
import { classMask } from '../../../inference/explain/class-mask.ts';
import { mapOrdered } from '../../../inference/map-ordered.ts';
import { groupIndexes } from '../../../math/stats/group-indexes.ts';
import { Random } from '../../../math/stats/random.ts';
import { type Answers, questionOf } from '../answers.ts';
import { means } from '../means.ts';
import { type SampleInput, sampleOf } from '../sample.ts';
import { areasOf, coveredBy, curveChanges } from './faithfulness.ts';
import { allCells, hottest, isAtBorder, moved, shareOf } from './heat-order.ts';
import { measureLocalisation } from './localisation.ts';

/** Faithfulness of heat maps on a sample of the test split, how much of them is at borders, and where they point on drawn leaves. @throws MODEL_NOT_EXPLAINABLE */
export async function measureExplanations(input: SampleInput): Promise<Explanations> {
  const { examples, seed, resamples } = input;
  const explained = explainedRows(input.answers);
  const sample = sampleOf(explained.length, input.photos, `${seed}:explanations`).map((i) => examples[explained[i]!]!);
  const chosen = new Set(sample.map(({ sha256 }) => sha256));
  const measured: (PhotoFigures & { borderChance: number })[] = [];
  const images = readImages(input.examplesUri, 'test', ({ sha256 }) => chosen.has(sha256));
  for await (const figures of mapOrdered(images, input.inFlight, ({ example, image }) =>
    ofPhoto(example, image, input),
  )) {
    measured.push(figures);
    input.onPhoto(measured.length, sample.length);
  }
  const groups = groupIndexes(sample.map(({ group }) => group));
  const mean = (of: (figures: PhotoFigures) => number) => ({ values: measured.map(of), of: measured.map(() => 1) });
  const figures = {
    deletion: mean(({ deletion }) => deletion),
    insertion: mean(({ insertion }) => insertion),
    border: mean(({ border }) => border),
  };
  return {
    photos: sample.length,
    ...means(figures, { seed, resamples, groups }),
    borderChance: measured[0]?.borderChance ?? null,
    localisation: await measureLocalisation(input),
  };
}

interface PhotoFigures {
  deletion: number;
  insertion: number;
  border: number;
}

/** Of a question, the photos that are answered with yes; of labels, all. */
function explainedRows(answers: Answers): number[] {
  const question = questionOf(answers);
  const rows = Array.from(answers.truths.keys());
  return question ? rows.filter((row) => question.answered[row] === 1) : rows;
}

async function ofPhoto(
  { sha256, filename }: Example,
  image: Uint8Array,
  { pool, model, signature, seed, signal }: SampleInput,
): Promise<PhotoFigures & { borderChance: number }> {
  if (signal.aborted) throw new MitateError('CANCELLED', {});
  const options = { subject: filename, signal };
  const { probabilities, ...heat } = await pool.explain(model, image, options);
  const mask = classMask(model, signature, probabilities, undefined);
  const probabilityOf = (all: Float32Array) => all.reduce((sum, each, k) => sum + each * mask[k]!, 0);
  const changes = [heat, moved(heat, new Random(`${seed}:${sha256}`))].map(curveChanges);
  const changed = await pool.predictChanged(model, image, [coveredBy(heat, [], 0), ...changes.flat()], options);
  const [blank, ...covered] = changed.map((answer) => probabilityOf(answer!)) as [number, ...number[]];
  const ends = { whole: probabilityOf(probabilities), blank };
  const own = areasOf(covered.slice(0, changes[0]!.length), ends);
  const chance = areasOf(covered.slice(changes[0]!.length), ends);
  const isBorder = isAtBorder(heat);
  return {
    deletion: chance.deletion - own.deletion,
    insertion: own.insertion - chance.insertion,
    border: shareOf(hottest(heat), isBorder),
    borderChance: shareOf(allCells(heat), isBorder),
  };
}
