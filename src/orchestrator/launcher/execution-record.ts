import type { Explanation } from '../../contracts/run.ts';
import type { NewExecution } from '../../store/runs/contract.ts';
import type { InputArtifacts, ReadyStep, RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';

/** A new execution of a step, starting now. */
export function newExecution(
  { runId, now }: Pick<RunFrame, 'runId' | 'now'>,
  { name, component }: RunStep,
  attempt = 1,
  { cacheKey, keyParts }: Pick<ReadyStep, 'cacheKey' | 'keyParts'> = { cacheKey: null, keyParts: {} },
  explanation: Explanation | null = null,
): NewExecution {
  const about = { runId, step: name, component: component.spec.name, cacheKey, keyParts, explanation };
  const startedAt = now();
  return { id: newId(startedAt.getTime()), ...about, attempt, startedAt };
}

export function inputEdges(inputs: InputArtifacts): { key: string; artifactId: string }[] {
  return Object.entries(inputs).flatMap(([key, artifact]) => (artifact ? [{ key, artifactId: artifact.id }] : []));
}
