import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defineComponent } from '../../src/orchestrator/define/component.ts';

/** Replaces a Trainer: what it learns does not matter to lineage. */
export const fitter = defineComponent({
  spec: {
    name: 'Fitter',
    version: '1',
    inputs: { examples: { type: 'Examples' } },
    outputs: { model: { type: 'Model' } },
    parameters: z.object({}),
  },
  async run({ inputs, outputs }) {
    await writeFile(join(outputs.model, 'model.txt'), inputs.examples.digest);
    return {};
  },
});

/** Replaces Evaluator and Pusher: every model is good. */
export const registrarOf = (modelName: string) =>
  defineComponent({
    spec: {
      name: 'Registrar',
      version: '1',
      inputs: { model: { type: 'Model' } },
      outputs: { pushedModel: { type: 'PushedModel' } },
      parameters: z.object({}),
    },
    async run({ outputs }) {
      await writeFile(join(outputs.pushedModel, 'pushed.json'), '{}');
      const push = { kind: 'push-model', modelName, input: 'model', output: 'pushedModel' } as const;
      return { intents: [{ ...push, blessed: true, metrics: { auc: 0.99 } }] };
    },
  });
