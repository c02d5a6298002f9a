import { MitateError } from '../../errors/index.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import { type Finding, formatFinding } from './finding.ts';
import { lintGraph } from './graph.ts';
import { lintParameters, type ParameterValues } from './parameters.ts';
import { lintWiring } from './wiring.ts';

/** Checks a pipeline without running it, errors first; `values` are the parameters of a run, without which fewer things are checked. */
export function lintPipeline(pipeline: Pipeline, values?: ParameterValues): Finding[] {
  const found = [...lintGraph(pipeline), ...lintWiring(pipeline), ...lintParameters(pipeline, values)];
  return found.sort((a, b) => Number(a.level === 'note') - Number(b.level === 'note'));
}

/** Throws PIPELINE_INVALID with all errors at once; returns the notes. */
export function requireSound(pipeline: Pipeline, values?: ParameterValues): Finding[] {
  const found = lintPipeline(pipeline, values);
  const errors = found.filter(({ level }) => level === 'error');
  if (errors.length === 0) return found;
  const findings = errors.map((finding) => `  ${formatFinding(finding)}`).join('\n');
  throw new MitateError('PIPELINE_INVALID', { pipeline: pipeline.name, count: errors.length, findings, list: errors });
}
