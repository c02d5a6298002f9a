import type { Store } from '../../store/store.ts';
import type { InputArtifacts, ReadyStep, RunStep } from './frame.ts';
import { newId } from './ids.ts';

type NewExecution = Parameters<Store['startExecution']>[0];

/** A new execution of a step, starting now. */
export function newExecution(
  runId: string,
  { name, component }: RunStep,
  attempt = 1,
  { cacheKey, keyParts }: Pick<ReadyStep, 'cacheKey' | 'keyParts'> = { cacheKey: null, keyParts: {} },
): NewExecution {
  const about = { runId, step: name, component: component.spec.name, cacheKey, keyParts };
  return { id: newId(), ...about, attempt, startedAt: new Date() };
}

export function inputEdges(inputs: InputArtifacts): { key: string; artifactId: string }[] {
  return Object.entries(inputs).flatMap(([key, artifact]) => (artifact ? [{ key, artifactId: artifact.id }] : []));
}
