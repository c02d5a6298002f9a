import { join } from 'node:path';
import { readArtifactJson } from '../../src/artifacts/artifact-json.ts';
import { evaluationSchema, type LabelSetsResult } from '../../src/contracts/artifacts/evaluation.ts';
import { wilsonInterval } from '../../src/math/stats/proportion.ts';
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

async function measure({ data, scratch, options, log }: BenchContext, set: keyof typeof seeds): Promise<Measured[]> {
  const workspace = join(options.workspace ?? scratch, 'label-sets');
  await using store = await openStore({ workspace });
  const measured: Measured[] = [];
  for (let seed = 1; seed <= Math.max(2, Math.round(seeds[set] * options.scale)); seed++) {
    const pipeline = definePipeline(`label-sets-${set}`, {}, () => {
      const { examples } = exampleGen({
        source: join(data!, set),
        groupBy: 'near-duplicate',
        splits: { train: 2, eval: 1, test: 1 },
      });
      const { transformGraph } = transform({ examples, backbone: 'mobilenet-v2' });
      const { model } = trainer({ examples, transformGraph, labelSets: { coverage: promised } });
      evaluator({ examples, model, pictures: 0 });
    });
    const run = await runPipeline(pipeline, { store, workspace, processes: 2, seed });
    if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.error));
    const { uri } = run.steps.find(({ name }) => name === 'evaluator')!.artifacts.evaluation!;
    const {
      examples,
      metrics,
      labelSets: sets,
    } = await readArtifactJson(join(uri, 'evaluation.json'), evaluationSchema);
    measured.push({ examples, accuracy: metrics.accuracy.value!, sets: sets! });
    log(
      `${set}, seed ${seed}: ${percent(sets!.coverage.value!)} % of ${examples}, ${sets!.size.value!.toFixed(2)} labels`,
    );
  }
  return measured;
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
