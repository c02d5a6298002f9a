import { copyFile, mkdir, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { readArtifactJson } from '../../src/artifacts/artifact-json.ts';
import { readIndex } from '../../src/artifacts/examples/read-examples.ts';
import { evaluationSchema, type LabelSetsResult } from '../../src/contracts/artifacts/evaluation.ts';
import type { Example } from '../../src/contracts/artifacts/example.ts';
import { wilsonInterval } from '../../src/math/stats/proportion.ts';
import { Random } from '../../src/math/stats/random.ts';
import { evaluator, exampleGen, trainer, transform } from '../../src/orchestrator/components.ts';
import { definePipeline } from '../../src/orchestrator/define/define-pipeline.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { BenchContext, Figure } from '../figure.ts';

const promised = 0.9;
/** Each draws its own splits and trains its own head; few photos need many. */
const seeds = { plantvillage: 8, beans: 24 };

interface Measured {
  examples: number;
  accuracy: number;
  sets: LabelSetsResult;
}

/** Coverage and size of sets on test splits that neither trained nor calibrated the model. */
export async function labelSets(context: BenchContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const set of ['plantvillage', 'beans'] as const) figures.push(figure(set, await measure(context, set)));
  return figures;
}

async function measure(context: BenchContext, set: keyof typeof seeds): Promise<Measured[]> {
  const { data, scratch, options, log } = context;
  const workspace = join(options.workspace ?? scratch, 'label-sets');
  await using store = await openStore({ workspace });
  const run = async (name: string, make: () => void) => {
    const ran = await runPipeline(definePipeline(`label-sets-${set}-${name}`, {}, make), {
      ...{ store, workspace, processes: 2, seed: 1 },
    });
    if (ran.state !== 'succeeded') throw new Error(JSON.stringify(ran.error));
    return (step: string, key: string) => ran.steps.find((each) => each.name === step)!.artifacts[key]!.uri;
  };
  const source = join(data!, set);
  const grouped = await run('groups', () => exampleGen({ source, groupBy: 'near-duplicate', splits: { train: 1 } }));
  const photos = await readIndex(grouped('example-gen', 'examples'));
  const measured: Measured[] = [];
  for (let seed = 1; seed <= Math.max(2, Math.round(seeds[set] * options.scale)); seed++) {
    const folder = join(scratch, `${set}-${seed}`);
    await writeSplits(source, folder, photos, seed);
    const uriOf = await run(String(seed), () => {
      const { examples } = exampleGen({ source: folder, groupBy: 'none' });
      const { transformGraph } = transform({ examples, backbone: 'mobilenet-v2' });
      const { model } = trainer({ examples, transformGraph, labelSets: { coverage: promised } });
      evaluator({ examples, model, pictures: 0 });
    });
    await rm(folder, { recursive: true });
    const file = join(uriOf('evaluator', 'evaluation'), 'evaluation.json');
    const { examples, metrics, labelSets: sets } = await readArtifactJson(file, evaluationSchema);
    measured.push({ examples, accuracy: metrics.accuracy.value!, sets: sets! });
    log(
      `${set}, seed ${seed}: ${percent(sets!.coverage.value!)} % of ${examples}, ${sets!.size.value!.toFixed(2)} labels`,
    );
  }
  return measured;
}

/** Half of each label's photos to train, a quarter each to eval and test, drawn by the seed; near-duplicates stay together. */
async function writeSplits(source: string, folder: string, photos: readonly Example[], seed: number): Promise<void> {
  for (const [label, ofLabel] of Map.groupBy(photos, (photo) => photo.label)) {
    const groups = [...Map.groupBy(ofLabel, ({ group }) => group).values()];
    let placed = 0;
    for (const group of new Random(`${label}:${seed}`).shuffle(groups)) {
      const share = placed / ofLabel.length;
      placed += group.length;
      const split = share < 0.5 ? 'train' : share < 0.75 ? 'eval' : 'test';
      const into = join(folder, split, label);
      await mkdir(into, { recursive: true });
      for (const { filename, sha256 } of group)
        await copyFile(join(source, filename), join(into, `${sha256}${extname(filename)}`));
    }
  }
}

function figure(set: string, measured: readonly Measured[]): Figure {
  const photos = measured.reduce((sum, { examples }) => sum + examples, 0);
  const mean = (of: (each: Measured) => number) =>
    measured.reduce((sum, each) => sum + each.examples * of(each), 0) / photos;
  const coverage = mean(({ sets }) => sets.coverage.value!);
  const { low, high } = wilsonInterval(coverage * photos, photos);
  const all = measured.map(({ sets }) => sets.coverage.value!);
  return {
    what: `coverage of ${percent(promised)} % label sets, ${set}: ${measured.length} seeds, ${photos} test photos`,
    got: `${percent(coverage)} % (${percent(low)} - ${percent(high)}), ${mean(({ sets }) => sets.size.value!).toFixed(2)} labels`,
    toReach: '90 +- 2 %, size stated',
    met: Math.abs(coverage - promised) <= 0.02,
    note: `one seed: ${percent(Math.min(...all))} to ${percent(Math.max(...all))} %; empty sets ${percent(mean(({ sets }) => sets.empty.value!))} %; the likeliest label alone is right for ${percent(mean(({ accuracy }) => accuracy))} %; worst label ${percent(worst(measured))} %`,
  };
}

/** Lowest coverage within a label, over all seeds. */
function worst(measured: readonly Measured[]): number {
  const labels = Map.groupBy(
    measured.flatMap(({ sets }) => sets.slices),
    ({ value }) => value,
  );
  const coverages = [...labels.values()].map((slices) => {
    const photos = slices.reduce((sum, { examples }) => sum + examples, 0);
    return slices.reduce((sum, { examples, coverage }) => sum + examples * (coverage.value ?? 0), 0) / photos;
  });
  return Math.min(...coverages);
}

const percent = (share: number) => (100 * share).toFixed(1);
