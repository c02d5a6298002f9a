import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import type { resolverSpec } from './spec.ts';

type Spec = typeof resolverSpec;

/** Says what is wanted; the launcher, which has the registry, fills the output or leaves it out. */
export async function run({ parameters }: ContextOf<Spec>): Promise<ResultOf<Spec>> {
  const { strategy, modelName } = parameters;
  return {
    intents: [{ kind: 'resolve-model', strategy, modelName, output: 'model' }],
    summary: `${strategy} of ${modelName}`,
  };
}
