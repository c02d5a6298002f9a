import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defineComponent } from '../src/orchestrator/define/component.ts';
import { definePipeline } from '../src/orchestrator/define/define-pipeline.ts';
import { runPipeline } from '../src/orchestrator/launcher/run-pipeline.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Bench } from './figure.ts';

const steps = 100;

const first = defineComponent({
  spec: {
    name: 'First',
    version: '1',
    inputs: {},
    outputs: { examples: { type: 'Examples' } },
    parameters: z.object({ text: z.string() }),
  },
  run: async ({ outputs, parameters }) => {
    await writeFile(join(outputs.examples, 'text'), parameters.text);
    return {};
  },
});
const copy = defineComponent({
  spec: {
    name: 'Copy',
    version: '1',
    inputs: { examples: { type: 'Examples' } },
    outputs: { examples: { type: 'Examples' } },
    parameters: z.object({ number: z.number() }),
  },
  run: async ({ outputs, parameters }) => {
    await writeFile(join(outputs.examples, 'text'), String(parameters.number));
    return {};
  },
});

/** Overhead of the launcher per step: key, lookup, record, digest, sync, rename, publish. */
export const bench: Bench = {
  name: 'launcher',
  about: `The launcher's cost per step, in-process, on PGlite: a chain of ${steps} steps that each write one small file`,
  async run({ scratch }) {
    const chain = definePipeline('chain', {}, () => {
      let { examples } = first({ text: 'leaf' });
      for (let i = 1; i < steps; i++) ({ examples } = copy({ examples, number: i }));
    });
    await using store = await openStore({ workspace: join(scratch, 'workspace') });
    const time = async (seed: number) => {
      const started = performance.now();
      const run = await runPipeline(chain, { store, workspace: join(scratch, 'workspace'), processes: 1, seed });
      if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.error));
      return (performance.now() - started) / steps;
    };
    const cold = await time(1);
    const again = Math.min(await time(2), await time(3));
    const cached = await time(3);
    const figure = (what: string, got: number) => ({
      what,
      got: `${got.toFixed(1)} ms`,
      toReach: '<= 10 ms',
      met: got <= 10,
    });
    return [
      figure('a step that runs (first run of a new workspace)', cold),
      figure('a step that runs', again),
      figure('a step from the cache', cached),
    ];
  },
};
