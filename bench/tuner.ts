import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleGen, transform, tuner } from '../src/orchestrator/components.ts';
import { definePipeline } from '../src/orchestrator/define/define-pipeline.ts';
import { runPipeline } from '../src/orchestrator/launcher/run-pipeline.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Bench } from './figure.ts';

interface Summary {
  trials: number;
  bestTrial: number;
  bestEvalNll: number;
  defaultEvalNll: number;
  bestCrossNll: number;
  defaultCrossNll: number;
  beatDefault: boolean;
}

/** The default Tuner on field photos: does its result beat the default configuration on unseen photos? */
export const bench: Bench = {
  name: 'tuner',
  about: 'The Tuner on beans (field photos, 3 labels), default search: 24 trials, 3 folds, judged on the eval split',
  async run({ data, scratch, log }) {
    if (!data) {
      log('skipped: needs real photos (--data <folder>)');
      return [];
    }
    const pipeline = definePipeline('tune', {}, () => {
      const { examples } = exampleGen({ source: join(data, 'beans'), groupBy: 'near-duplicate' });
      const { transformGraph } = transform({ examples, backbone: 'mobilenet-v2' });
      tuner({ examples, transformGraph });
    });
    await using store = await openStore({ workspace: scratch });
    const run = await runPipeline(pipeline, { store, workspace: scratch, processes: 2, seed: 1 });
    if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.error));
    const step = run.steps.find(({ name }) => name === 'tuner')!;
    const path = join(step.artifacts.tunerResults!.uri, 'summary.json');
    const found = JSON.parse(await readFile(path, 'utf8')) as Summary;
    const said = found.beatDefault ? 'it beat the default' : 'it did not beat the default, which it kept, and said so';
    return [
      {
        what: 'eval NLL of its best configuration against the default',
        got: `${found.bestEvalNll.toFixed(4)} against ${found.defaultEvalNll.toFixed(4)}`,
        toReach: 'lower, or reported as not lower',
        met: found.beatDefault === found.bestEvalNll < found.defaultEvalNll,
        note: `${said}; trial ${found.bestTrial} of ${found.trials - 1}; inside the train split ${found.bestCrossNll.toFixed(4)} against ${found.defaultCrossNll.toFixed(4)}`,
      },
      { what: 'the search', got: `${step.seconds.toFixed(0)} s`, toReach: '', met: null },
    ];
  },
};
