import { join } from 'node:path';
import { type Explanation, explainHit, explainMiss, explainStale, uncacheable } from '../cache/explain.ts';
import { type Hit, lookUp } from '../cache/look-up.ts';
import type { StepSummary } from '../summary.ts';
import type { ReadyStep } from './attempt.ts';
import type { RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';
import { historyInputs } from './inputs.ts';
import { prepareStep } from './prepare.ts';
import { attemptWithRetries } from './retry.ts';
import { stepError } from './step-error.ts';
import { StepLog } from './step-log.ts';

/** What is known of a step while it is under way. */
export type Draft = Pick<StepSummary, 'artifacts' | 'summary' | 'attempts' | 'explanation'> & {
  state: 'succeeded' | 'cached';
};

/** Takes a step's outputs from the cache, or runs it. Throws catalogue errors only; fills `draft` as it goes. */
export async function runStep(frame: RunFrame, run: RunStep, draft: Draft): Promise<void> {
  const path = join(frame.workspace.runs, frame.runId, `${run.step.name}.log`);
  using log = new StepLog(path, run.step.name, frame.emit);
  try {
    const ready = await prepareStep(frame, run, log);
    const found = await fromCache(frame, ready);
    draft.explanation = found.explanation;
    frame.emit({ type: 'step-explained', step: run.step.name, explanation: found.explanation });
    log.info(found.explanation.text, { cacheKey: ready.cacheKey, keyParts: ready.keyParts });
    if (found.hit) await takeHit(frame, ready, found.hit, draft);
    else await execute(frame, ready, draft);
  } catch (error) {
    throw stepError(error, run.step.name, path);
  }
}

async function fromCache(frame: RunFrame, ready: ReadyStep): Promise<{ hit: Hit | null; explanation: Explanation }> {
  if (ready.cacheKey === null) return { hit: null, explanation: uncacheable };
  const { store, artifacts, workspace } = frame;
  const before = frame.before.get(ready.run.step.name) ?? null;
  const found = await lookUp(store, artifacts, workspace.cache, ready.cacheKey);
  if (found.hit) return { hit: found.hit, explanation: explainHit(before, ready.keyParts) };
  return { hit: null, explanation: found.reason ? explainStale(found.reason) : explainMiss(before, ready.keyParts) };
}

async function takeHit(frame: RunFrame, ready: ReadyStep, hit: Hit, draft: Draft): Promise<void> {
  const id = newId();
  const { run, inputs, cacheKey: key, keyParts: parts } = ready;
  const { name: step, component } = run.step;
  const edges = Object.entries(inputs).flatMap(([input, artifact]) =>
    artifact ? [{ key: input, artifactId: artifact.id }] : [],
  );
  const execution = { id, runId: frame.runId, step, component: component.spec.name, cacheKey: key, keyParts: parts };
  await frame.store.recordCached({ ...execution, attempt: 1, startedAt: new Date() }, edges, hit.executionId);
  draft.state = 'cached';
  draft.summary = hit.summary;
  draft.artifacts = Object.fromEntries(
    hit.outputs.map(({ key: output, id, type, uri, digest, properties }) => [
      output,
      { id, type, uri, digest, properties },
    ]),
  );
}

async function execute(frame: RunFrame, ready: ReadyStep, draft: Draft): Promise<void> {
  const inputs = { ...ready.inputs, ...(await historyInputs(frame, ready.run)) };
  const done = await attemptWithRetries(frame, { ...ready, inputs }, (attempt) => {
    draft.attempts = attempt;
  });
  draft.artifacts = done.artifacts;
  draft.summary = done.summary;
}
