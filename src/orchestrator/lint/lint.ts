import { MitateError } from '../../errors/index.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import { type Finding, formatFinding } from './finding.ts';
import { lintGraph } from './graph.ts';
import { lintParameters, type ParameterValues } from './parameters.ts';
import { lintWiring } from './wiring.ts';

/** Everything that can be said about a pipeline before it runs; more with the parameters of a run. Nothing is executed. */
export function lintPipeline(pipeline: Pipeline, values?: ParameterValues): Finding[] {
  const found = [...lintGraph(pipeline), ...lintWiring(pipeline), ...lintParameters(pipeline, values)];
  return found.sort((a, b) => Number(a.level === 'note') - Number(b.level === 'note'));
}

/** Throws PIPELINE_INVALID with all errors at once; answers the notes. */
export function requireSound(pipeline: Pipeline, values?: ParameterValues): Finding[] {
  const found = lintPipeline(pipeline, values);
  const errors = found.filter(({ level }) => level === 'error');
  if (errors.length === 0) return found;
  const findings = errors.map((finding) => `  ${formatFinding(finding)}`).join('\n');
  throw new MitateError('PIPELINE_INVALID', { pipeline: pipeline.name, count: errors.length, findings, list: errors });
}
