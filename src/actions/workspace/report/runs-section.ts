import { type Html, html } from '../../../codecs/html.ts';
import type { Report } from '../report.ts';
import { moment, span, table } from './table.ts';

export function costSection({ cost: { steps, trainingS, inferenceS } }: Report): Html {
  return html`<h2>Cost</h2><p>Pipeline steps: ${span(trainingS)}; inference: ${span(inferenceS)} of CPU time.</p>${table(
    ['pipeline', 'step', '#runs', '#cached', '#time', '#share'],
    steps.map(({ pipeline, step, executions, cached, seconds }) => [
      pipeline,
      step,
      executions,
      cached,
      span(seconds),
      trainingS > 0 ? `${((100 * seconds) / trainingS).toFixed(1)} %` : '–',
    ]),
    'No runs.',
  )}`;
}

export function runsSection({ runs, firings, promotions, releases }: Report): Html {
  return html`<h2>Runs</h2>${table(
    ['run', 'pipeline', 'state', 'started', '#duration', 'by', 'trigger', 'commit'],
    runs.map(({ id, pipeline, state, startedAt, finishedAt, who, trigger, gitCommit }) => [
      id,
      pipeline,
      html`<span class="${state === 'succeeded' ? 'good' : state === 'failed' ? 'bad' : ''}">${state}</span>`,
      moment(startedAt),
      span(finishedAt && (finishedAt.getTime() - startedAt.getTime()) / 1000),
      who,
      trigger,
      gitCommit?.slice(0, 12) ?? '–',
    ]),
  )}<h3>Triggers</h3>${table(
    ['trigger', 'at', 'state', 'why'],
    firings.map(({ trigger, at, state, why }) => [trigger, moment(at), state, why]),
  )}<h3>Promotions</h3>${table(
    ['endpoint', 'candidate', 'started', 'state', 'last decision'],
    promotions.map(({ endpoint, modelName, version, createdAt, state, decisions }) => [
      endpoint,
      `${modelName}@${version}`,
      moment(createdAt),
      state,
      decisions.at(-1)?.why ?? '–',
    ]),
  )}<h3>Releases</h3>${table(
    ['release', 'environment', 'at', 'by', 'approved by', 'state'],
    releases.map(({ release, environment, at, who, approver, state }) => [
      release,
      environment,
      moment(at),
      who,
      approver,
      state,
    ]),
  )}`;
}
