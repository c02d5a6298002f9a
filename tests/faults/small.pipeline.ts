// A pipeline in small: each step writes one half, tells its progress, and after a moment writes the other, so that it can be killed inside.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { defineComponent, definePipeline, param } from 'mitate';
import { z } from 'zod';

async function writeHalves(path: string, text: string, progress: (done: number, total: number, unit: string) => void) {
  await writeFile(path, text.slice(0, text.length / 2));
  progress(1, 2, 'halves');
  await wait(150);
  await writeFile(path, text);
  progress(2, 2, 'halves');
}

const reader = defineComponent({
  spec: {
    name: 'Reader',
    version: '1',
    inputs: { previous: { type: 'Examples', optional: true, history: { key: 'examples' } } },
    outputs: { examples: { type: 'Examples' } },
    parameters: z.object({ file: z.string() }),
  },
  fingerprint: ({ file }) => readFile(file, 'utf8'),
  async run({ inputs, outputs, parameters, progress }) {
    const before = inputs.previous ? await readFile(join(inputs.previous.uri, 'text'), 'utf8') : '';
    await writeHalves(join(outputs.examples, 'text'), `${before}${await readFile(parameters.file, 'utf8')}`, progress);
    return { properties: { examples: { span: 1 } } };
  },
});

const fitter = defineComponent({
  spec: {
    name: 'Fitter',
    version: '1',
    inputs: { examples: { type: 'Examples' }, baseline: { type: 'Model', optional: true } },
    outputs: { model: { type: 'Model' } },
    parameters: z.object({ rounds: z.int().default(3) }),
  },
  async run({ inputs, outputs, parameters, seed, progress }) {
    const text = await readFile(join(inputs.examples.uri, 'text'), 'utf8');
    await writeHalves(join(outputs.model, 'model'), `${text.repeat(parameters.rounds)}${seed}`, progress);
    return {};
  },
});

const registrar = defineComponent({
  spec: {
    name: 'Registrar',
    version: '1',
    inputs: { model: { type: 'Model' } },
    outputs: { pushedModel: { type: 'PushedModel' } },
    parameters: z.object({ modelName: z.string() }),
  },
  async run({ outputs, parameters, progress }) {
    await writeHalves(join(outputs.pushedModel, 'pushed.json'), JSON.stringify(parameters), progress);
    const { modelName } = parameters;
    const push = { kind: 'push-model', modelName, input: 'model', output: 'pushedModel', endpoint: modelName } as const;
    return { intents: [{ ...push, blessed: true, metrics: {} }] };
  },
});

export default definePipeline('small', { file: param.uri() }, ({ file }) => {
  const { examples } = reader({ file });
  const { model } = fitter({ examples });
  registrar({ model, modelName: 'small' });
});
