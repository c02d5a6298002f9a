import type { Artifact } from '../../../contracts/artifact.ts';
import type { RunContext } from '../../../contracts/component.ts';

/** What a report is about: a registered version, or the run that trains the model, which has no version yet. */
export interface Subject {
  /** `leaf-health@3`, the name of a folder, or the pipeline. */
  model: string;
  /** Null = the model was not trained in this run. */
  run: string | null;
  at: Date;
}

/** The subject of an evaluation: the names that the model carries, else the run. */
export function subjectOf({ properties }: Artifact, { run, now }: Pick<RunContext, 'run' | 'now'>): Subject {
  const { model_name: name, version } = properties;
  if (name === undefined) return { model: run.pipeline, run: run.id, at: now() };
  return { model: version === undefined ? String(name) : `${name}@${version}`, run: null, at: now() };
}

/** `Evaluation of leaf-health@3, 2026-11-30`. */
export function titleOf({ model, run, at }: Subject): string {
  return `Evaluation of ${model}${run === null ? '' : `, run ${run}`}, ${at.toISOString().slice(0, 10)}`;
}
