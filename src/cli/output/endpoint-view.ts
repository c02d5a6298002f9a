import type { ApiEndpoint } from '../../contracts/api/endpoints.ts';
import type { DeploymentPlan, EndpointEvent, EndpointSettings } from '../../contracts/endpoint.ts';
import { moment } from './moment.ts';
import type { Output } from './output.ts';

export function printEndpoints(output: Output, endpoints: readonly ApiEndpoint[]): void {
  for (const each of endpoints) output.json(each);
  output.table(
    ['ENDPOINT', 'MODEL', 'ROLE', '#TRAFFIC', 'SINCE'],
    endpoints.flatMap((each) => rows(each)),
    'No endpoints yet. Create one with "mitate endpoint create".',
  );
}

function rows({ name, deployments }: ApiEndpoint): (string | null)[][] {
  if (deployments.length === 0) return [[name, '(no deployment)', null, null, null]];
  return deployments.map(({ modelName, version, role, traffic, since }) => [
    name,
    `${modelName}@${version}`,
    role,
    `${traffic} %`,
    moment(new Date(since)),
  ]);
}

/** Deployments and settings. */
export function printEndpoint(output: Output, endpoint: ApiEndpoint): void {
  output.json(endpoint);
  if (endpoint.displayName !== null) output.line(output.style('bold', endpoint.displayName));
  output.table(['ENDPOINT', 'MODEL', 'ROLE', '#TRAFFIC', 'SINCE'], rows(endpoint));
  output.line(output.style('dim', settingsText(endpoint.settings)));
}

function settingsText(settings: EndpointSettings): string {
  const { abstain, threshold, images, imageRetentionDays, embeddingShare, review, deadlineMs } = settings;
  return [
    `uncertain: ${abstain === null ? 'never' : `${abstain.low}..${abstain.high}`}`,
    ...(threshold === null ? [] : [`threshold: ${threshold}`]),
    `photos kept: ${images.policy}${images.policy === 'sampled' ? ` ${images.share}` : ''}, ${imageRetentionDays ? `${imageRetentionDays} days` : 'no time limit'}`,
    `embeddings logged: ${embeddingShare}`,
    `photos unlike the training photos: ${unlikeText(settings)}`,
    `out-of-distribution scores: ${settings.outOfDistribution ? 'on' : 'off'}`,
    `access: ${settings.public ? 'public' : 'key required'}`,
    ...(settings.offline ? ['devices may keep the model'] : []),
    ...(settings.corsOrigins.length > 0 ? [`browser origins: ${settings.corsOrigins.join(', ')}`] : []),
    `review: ${review.perDay} photos per day${review.opinions > 1 ? `, ${review.opinions} labellers each` : ''}${review.disputes === 'majority' ? ', the majority decides' : ''}`,
    `deadline: ${deadlineMs} ms`,
  ].join('; ');
}

function unlikeText({ unlike, refuseAbove }: EndpointSettings): string {
  if (unlike === 'answer') return 'answered';
  if (unlike === 'warn' || refuseAbove === 0) return 'warned of';
  return `refused above ${refuseAbove === null ? "the model's own distance" : `distance ${refuseAbove}`}, others warned of`;
}

export function printTimeline(output: Output, timeline: readonly EndpointEvent[]): void {
  output.line();
  output.table(
    ['TIME', 'ACTION', 'ACTOR', 'REASON', 'RESULT'],
    timeline.map(({ at, action, who, why, after }) => [moment(at), action, who, why, afterText(after)]),
  );
}

/** A deployment plan in one line; anything else as JSON. */
function afterText(after: unknown): string {
  if (after === null || after === undefined) return '';
  if (!Array.isArray(after)) return JSON.stringify(after);
  const plan = after as DeploymentPlan[];
  return plan.map(({ modelName, version, role, traffic }) => `${modelName}@${version} ${role} ${traffic} %`).join(', ');
}
