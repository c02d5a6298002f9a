import { join } from 'node:path';
import { readArtifactJson, writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { type ConnectedBlessing, connectedBlessings } from '../../artifacts/blessing/files.ts';
import { type Evaluation, evaluationSchema } from '../../contracts/artifacts/evaluation.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import type { pusherSpec } from './spec.ts';

type Spec = typeof pusherSpec;

/**
 * Pushes when every connected blessing is positive. The launcher creates version, alias, deployment and copy from the intent, in one
 * transaction.
 * @throws BLESSING_UNREADABLE, ARTIFACT_FILE_INVALID
 */
export async function run({ inputs, outputs, parameters, logger }: ContextOf<Spec>): Promise<ResultOf<Spec>> {
  const blessings = await connectedBlessings(inputs);
  const refused = blessings.filter(({ blessed }) => !blessed);
  const metrics = inputs.evaluation === undefined ? {} : metricsOf(await readEvaluation(inputs.evaluation.uri));
  const pushed = refused.length === 0;
  const why = pushed ? describe(blessings) : refused.map(({ kind, message }) => `${kind}: ${message}`).join('; ');
  const { modelName, endpoint, destination, promotion } = parameters;
  await writeArtifactJson(join(outputs.pushedModel, 'pushed.json'), {
    pushed,
    why,
    modelName,
    endpoint,
    destination,
    modelDigest: inputs.model.digest,
    blessings,
    metrics,
  });
  const properties = { pushedModel: { pushed: pushed ? 1 : 0, model_name: modelName } };
  if (!pushed) {
    logger.warn(`${modelName} is not pushed: ${why}`);
    return { properties, summary: `not pushed: ${why}` };
  }
  const blessed = blessings.some(({ kind }) => kind === 'model');
  return {
    properties,
    intents: [
      {
        kind: 'push-model',
        modelName,
        input: 'model',
        output: 'pushedModel',
        ...(endpoint !== undefined && { endpoint }),
        ...(destination !== undefined && { destination }),
        ...(promotion !== undefined && { promotion }),
        blessed,
        metrics,
      },
    ],
    summary: `registered ${modelName}: ${why}`,
  };
}

function describe(blessings: ConnectedBlessing[]): string {
  if (blessings.length === 0) return 'no blessing is connected';
  return `blessed by ${blessings.map(({ kind }) => (kind === 'model' ? 'evaluation' : 'infrastructure')).join(' and ')}`;
}

function readEvaluation(uri: string): Promise<Evaluation> {
  return readArtifactJson(join(uri, 'evaluation.json'), evaluationSchema);
}

/** The metrics that have a value; those of the multi-class head behind a question as `head.accuracy` etc. */
function metricsOf({
  metrics,
  headMetrics = {} as Evaluation['metrics'],
  examples,
}: Evaluation): Record<string, number> {
  const named = [
    ...Object.entries(metrics),
    ...Object.entries(headMetrics).map(([name, metric]) => [`head.${name}`, metric] as const),
  ];
  const numbers = named.flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const]));
  return { ...Object.fromEntries(numbers), examples };
}
