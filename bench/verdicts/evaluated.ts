import { join } from 'node:path';
import { readArtifactJson } from '../../src/artifacts/artifact-json.ts';
import { type Evaluation, evaluationSchema, type IntervalJson } from '../../src/contracts/artifacts/evaluation.ts';
import { evaluator, exampleGen, trainer, transform } from '../../src/orchestrator/components.ts';
import { definePipeline } from '../../src/orchestrator/define/define-pipeline.ts';
import { question } from '../../src/orchestrator/define/question.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import { openStore } from '../../src/store/open-store.ts';
import { writeSample } from '../../src/vision/sample/index.ts';
import type { BenchContext } from '../figure.ts';

const unwell = question('unwell', { negative: /(?<![a-z])healthy(?![a-z])/i, otherwise: 'healthy' });

/** Folders of photos by name: drawn leaves, and the real ones of the data, if there are any. */
export async function sourcesOf({ data, scratch }: BenchContext): Promise<[name: string, folder: string][]> {
  const drawn = join(scratch, 'drawn');
  await writeSample(drawn, { photos: 1000, seed: 20 });
  const real = data ? ['plantvillage', 'beans'].map((name): [string, string] => [name, join(data, name)]) : [];
  return [['drawn leaves', drawn], ...real];
}

/** Trains a model as the scaffolded pipeline does, and evaluates it. */
export async function evaluated(
  { scratch, options }: BenchContext,
  name: string,
  source: string,
  asked: { robustness?: { photos: number }; explanations?: { photos: number } },
): Promise<Evaluation> {
  const workspace = join(options.workspace ?? scratch, 'evaluated');
  const pipeline = definePipeline(name.replaceAll(' ', '-'), {}, () => {
    const { examples } = exampleGen({ source, groupBy: 'near-duplicate', splits: { train: 3, eval: 1, test: 1 } });
    const { transformGraph } = transform({ examples, backbone: 'default', views: 'flipped' });
    const { model } = trainer({ examples, transformGraph, task: unwell, head: { kind: 'ridge' }, export: 'auto' });
    evaluator({ examples, model, ...asked });
  });
  await using store = await openStore({ workspace });
  const run = await runPipeline(pipeline, { store, workspace, processes: 2, seed: 1 });
  const step = run.steps.find(({ name: each }) => each === 'evaluator')!;
  if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.error));
  const { uri } = step.artifacts.evaluation!;
  return await readArtifactJson(join(uri, 'evaluation.json'), evaluationSchema);
}

/** `-3.0 (-5.5 - -0.5)`. */
export function interval({ value, low, high }: IntervalJson, times: number, digits: number): string {
  const text = (number: number | null) => (number === null ? '–' : (times * number).toFixed(digits));
  return `${text(value)} (${text(low)} to ${text(high)})`;
}
