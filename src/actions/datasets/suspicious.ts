import { join } from 'node:path';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { evaluationSchema, type Suspect } from '../../contracts/artifacts/evaluation.ts';
import type { Split } from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import { readCorrections } from '../../sources/corrections.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { isNamed } from './find-data-set.ts';
import { originsOf, type PhotoOrigin } from './photo-origin.ts';

/** A label that the other photos contradict, and what has been decided about it. */
export type SuspiciousLabel = Suspect &
  PhotoOrigin & {
    /** The label that the next run gets instead; null = not corrected. */
    corrected: string | null;
  };

export interface SuspiciousLabels {
  /** Ids of the evaluation that searched, and of its data set. */
  evaluation: string;
  examples: string;
  pipeline: string;
  /** Labels that were judged. */
  examined: number;
  /** Most suspicious first. */
  found: SuspiciousLabel[];
}

type Store = Pick<OpenStore, 'listArtifacts' | 'executionArtifacts' | 'findVersion'>;

/**
 * All suspicious labels that the Evaluator found.
 * @param reference pipeline, data set, artifact id prefix, or `name@version` of a model; without it the newest evaluation
 * @throws SUSPICIOUS_NOT_SEARCHED
 */
export async function suspiciousLabels(
  store: Store,
  { reference, split }: { reference?: string | undefined; split?: Split | undefined },
): Promise<SuspiciousLabels> {
  const evaluation = await findEvaluation(store, reference);
  const { suspiciousLabels } = await readArtifactJson(join(evaluation.uri, 'evaluation.json'), evaluationSchema);
  if (suspiciousLabels === null) throw new MitateError('SUSPICIOUS_NOT_SEARCHED', { reference: evaluation.pipeline });
  const examples = await inputOf(store, evaluation, 'examples');
  const properties = examples?.properties ?? {};
  const originOf = originsOf(properties);
  const corrections = await readCorrections(correctionsOf(properties));
  const found = suspiciousLabels.found.filter((each) => split === undefined || each.split === split);
  return {
    evaluation: evaluation.id,
    examples: examples?.id ?? '',
    pipeline: evaluation.pipeline,
    examined: suspiciousLabels.examined,
    found: found.map((each) => ({
      ...each,
      ...originOf(each.filename),
      corrected: corrections.get(each.sha256)?.label ?? null,
    })),
  };
}

/** The corrections file that the run read. */
export const correctionsOf = ({ corrections }: StoredArtifact['properties']): string | undefined =>
  typeof corrections === 'string' ? corrections : undefined;

async function findEvaluation(store: Store, reference: string | undefined): Promise<StoredArtifact> {
  const all = await store.listArtifacts({ type: 'ModelEvaluation', live: true });
  const named = all.find((each) => reference === undefined || isNamed(each, reference));
  const found = named ?? (reference !== undefined && (await evaluationWith(store, all, reference)));
  if (!found) throw new MitateError('SUSPICIOUS_NOT_SEARCHED', { reference: reference ?? 'this project' });
  return found;
}

/** The evaluation of a data set or of a model. */
async function evaluationWith(store: Store, all: readonly StoredArtifact[], reference: string) {
  const version = await store.findVersion(reference);
  const key = version ? 'model' : 'examples';
  const isMeant = (input: StoredArtifact) =>
    version ? input.digest === version.artifactDigest : isNamed(input, reference);
  for (const evaluation of all) {
    const input = await inputOf(store, evaluation, key);
    if (input && isMeant(input)) return evaluation;
  }
  return undefined;
}

async function inputOf(store: Store, { executionId }: StoredArtifact, key: string) {
  const { inputs } = await store.executionArtifacts(executionId);
  return inputs.find((input) => input.key === key)?.artifact;
}
