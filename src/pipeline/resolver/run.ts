import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import type { resolverSpec } from './spec.ts';

type Spec = typeof resolverSpec;

/** Returns an intent; the launcher looks the model up in the registry and fills the output, or leaves it absent. */
export async function run({ parameters }: ContextOf<Spec>): Promise<ResultOf<Spec>> {
  const { strategy, modelName } = parameters;
  return {
    intents: [{ kind: 'resolve-model', strategy, modelName, output: 'model' }],
    summary: `${strategy} of ${modelName}`,
  };
}
