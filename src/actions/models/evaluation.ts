import { join } from 'node:path';
import type { z } from 'zod';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';
import { readBlessing } from '../../artifacts/blessing/files.ts';
import type { modelEvaluationSchema } from '../../contracts/api/models.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { evaluationSchema } from '../../contracts/artifacts/evaluation.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findModel } from './find-model.ts';

export type EvaluationStore = Pick<
  OpenStore,
  'listModels' | 'findVersion' | 'consumers' | 'executionArtifacts' | 'getArtifact'
>;

export interface EvaluationOfModel {
  version: ModelVersion;
  runId: string;
  evaluatedAt: Date;
  evaluation: StoredArtifact;
  blessing: StoredArtifact | null;
  model: StoredArtifact;
  examples: StoredArtifact;
}

/** The newest evaluation of a version, as the model and not as the baseline. @throws MODEL_NOT_FOUND, MODEL_NOT_EVALUATED */
export async function evaluationOfModel(store: EvaluationStore, reference: string): Promise<EvaluationOfModel> {
  const version = await findModel(store, reference);
  const refused = (reason: string) =>
    new MitateError('MODEL_NOT_EVALUATED', { model: `${version.name}@${version.version}`, reason });
  let areDeleted = false;
  for (const { id, runId, state, finishedAt, startedAt } of await store.consumers(version.artifactId)) {
    if (state !== 'succeeded' && state !== 'cached') continue;
    const { inputs, outputs } = await store.executionArtifacts(id);
    const input = (key: string) => inputs.find((each) => each.key === key)?.artifact;
    const evaluation = outputs.find(({ artifact }) => artifact.type === 'ModelEvaluation')?.artifact;
    const [model, examples] = [input('model'), input('examples')];
    if (!evaluation || !examples || model?.id !== version.artifactId) continue;
    areDeleted = evaluation.deletedAt !== null;
    if (areDeleted) continue;
    const blessing = outputs.find(({ artifact }) => artifact.type === 'ModelBlessing')?.artifact ?? null;
    return { version, runId, evaluatedAt: finishedAt ?? startedAt, evaluation, blessing, model, examples };
  }
  throw refused(areDeleted ? 'its files were deleted' : 'no Evaluator has read it');
}

/** @throws MODEL_NOT_FOUND, MODEL_NOT_EVALUATED */
export async function showEvaluation(
  store: EvaluationStore,
  reference: string,
): Promise<z.input<typeof modelEvaluationSchema>> {
  const found = await evaluationOfModel(store, reference);
  const { version, runId, evaluatedAt, evaluation, blessing, examples } = found;
  return {
    model: { name: version.name, version: version.version },
    ...{ runId, evaluatedAt, artifact: evaluation.id, examples: examples.id },
    evaluation: await readArtifactJson(join(evaluation.uri, 'evaluation.json'), evaluationSchema),
    blessing: blessing && blessing.deletedAt === null ? await readBlessing(blessing.uri, 'model') : null,
  };
}
