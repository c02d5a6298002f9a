import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactAt, runComponent } from '../../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { trainedModels } from '../../../../tests/support/trained-models.ts';
import { blessingSchema } from '../../../contracts/artifacts/blessing.ts';
import { evaluationSchema } from '../../../contracts/artifacts/evaluation.ts';
import { Random } from '../../../math/stats/random.ts';
import { covered } from '../../../vision/alter/covered.ts';
import { run } from '../run.ts';
import { evaluatorSpec } from '../spec.ts';
import { areasOf, curveChanges } from './faithfulness.ts';
import { type HeatMap, hottest, isAtBorder, moved, shareOf } from './heat-order.ts';

const [width, height] = [10, 10];
const heatAt = (cell: number) => ({
  map: Float32Array.from({ length: 100 }, (_, i) => -Math.abs(i - cell)),
  width,
  height,
});

describe('areas under the curves', () => {
  /** A model that looks at one cell. */
  const answered = (heat: HeatMap) =>
    curveChanges(heat).map((change) => Number((change as { cells: Uint8Array }).cells[55] === 0));
  const ends = { whole: 1, blank: 0 };

  it('are best for a map of what the model looks at, and worst for its opposite', () => {
    // covered with the first 5 % of the cells: 1 falls to 0 within them
    const right = areasOf(answered(heatAt(55)), ends);
    expect(right.deletion).toBeCloseTo(0.025, 10);
    expect(right.insertion).toBeCloseTo(0.975, 10);
    const { map } = heatAt(55);
    const wrong = areasOf(answered({ map: map.map((heat) => -heat), width, height }), ends);
    expect(wrong.deletion).toBeCloseTo(0.85, 10);
    expect(wrong.insertion).toBeCloseTo(0.15, 10);
  });
});

it('the hottest tenth, its share at the border, and a moved map with the same heat', () => {
  // a row, of which the ends are at the border
  expect([...hottest(heatAt(55))].sort()).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
  expect(shareOf(hottest(heatAt(55)), isAtBorder({ width, height }))).toBe(0.2);
  expect(
    shareOf(
      Uint32Array.from({ length: 100 }, (_, i) => i),
      isAtBorder({ width, height }),
    ),
  ).toBe(0.36);
  const elsewhere = moved(heatAt(55), new Random(1));
  expect(elsewhere.map).not.toEqual(heatAt(55).map);
  expect(elsewhere.map.toSorted()).toEqual(heatAt(55).map.toSorted());
});

it('a covered cell loses its pixels, the others keep theirs', () => {
  const random = new Random(2);
  const pixels = Uint8Array.from({ length: 3 * 40 * 40 }, () => random.int(256));
  const out = covered({ pixels, width: 40, height: 40 }, { cells: Uint8Array.from([1, 0, 0, 0]), rows: 2, columns: 2 });
  const at = (from: Uint8Array, x: number, y: number) => [...from.subarray(3 * (40 * y + x), 3 * (40 * y + x) + 3)];
  expect(at(out, 19, 19)).not.toEqual(at(pixels, 19, 19));
  for (const [x, y] of [[20, 19], [19, 20], [39, 39]] as const) expect(at(out, x, y)).toEqual(at(pixels, x, y)); // biome-ignore format: one line
});

it('figures of heat maps stand in evaluation.json and report, and bind', async () => {
  using folder = temporaryFolder();
  const [model] = await trainedModels(folder.path, 1, 240);
  const inputs = {
    examples: artifactAt('Examples', join(folder.path, 'examples')),
    model: artifactAt('Model', model!),
  };
  const ran = await runComponent(evaluatorSpec, run, join(folder.path, 'run'), {
    inputs,
    parameters: {
      explanations: { photos: 10 },
      explanationThresholds: { border: { max: 1 }, pointing: { min: 2 }, insertion: { minLower: -1 } },
      minSliceExamples: 5,
      resamples: 100,
    },
  });
  const read = (output: string, name: string) => readFileSync(join(ran.outputs[output]!, name), 'utf8');
  const { explanations } = evaluationSchema.parse(JSON.parse(read('evaluation', 'evaluation.json')));
  const { deletion, border, localisation } = explanations!;
  expect(Math.abs(deletion.value!)).toBeLessThan(1);
  expect(border.value).toBeGreaterThanOrEqual(0);
  expect(localisation!.leaves).toBeGreaterThan(4);
  // lesions are found better than by chance, even by this lightly trained model
  expect(localisation!.inLesions.value).toBeGreaterThan(localisation!.chance!);
  const { blessed, checks } = blessingSchema.parse(JSON.parse(read('blessing', 'blessing.json')));
  expect(blessed).toBe(false);
  expect(checks.map(({ name, passed }) => [name, passed])).toEqual([
    ['heat maps: lower end of insertion at least -1', true],
    ['heat maps: border at most 1', true],
    ['heat maps: pointing at least 2', false],
  ]);
  expect(read('evaluation', 'report.html')).toContain('share of the hottest tenth in lesions');
});
