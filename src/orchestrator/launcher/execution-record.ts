import type { Store } from '../../store/store.ts';
import type { InputArtifacts, ReadyStep, RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';

type NewExecution = Parameters<Store['startExecution']>[0];

/** A new execution of a step, starting now. */
export function newExecution(
  { runId, now }: Pick<RunFrame, 'runId' | 'now'>,
  { name, component }: RunStep,
  attempt = 1,
  { cacheKey, keyParts }: Pick<ReadyStep, 'cacheKey' | 'keyParts'> = { cacheKey: null, keyParts: {} },
): NewExecution {
  const about = { runId, step: name, component: component.spec.name, cacheKey, keyParts };
  const startedAt = now();
  return { id: newId(startedAt.getTime()), ...about, attempt, startedAt };
}

export function inputEdges(inputs: InputArtifacts): { key: string; artifactId: string }[] {
  return Object.entries(inputs).flatMap(([key, artifact]) => (artifact ? [{ key, artifactId: artifact.id }] : []));
}
