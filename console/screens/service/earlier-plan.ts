import { useQuery } from '@tanstack/react-query';
import { type EndpointAnswer, type TimelineAnswer, timelineQuery } from './data.ts';

export type Plan = Pick<EndpointAnswer['deployments'][number], 'modelName' | 'version' | 'role' | 'traffic'>[];

/** What a rollback returns to; null = there is nothing earlier. Within the newest 50 changes. */
export function useEarlierPlan(endpoint: string, enabled: boolean) {
  return useQuery({ ...timelineQuery(endpoint), enabled, select: earlierPlan });
}

/** Of the newest change that was not rolled back, the state before. @param events newest first */
export function earlierPlan(events: readonly TimelineAnswer[]): Plan | null {
  const stack: Plan[] = [];
  for (const { action, before } of events.toReversed()) {
    if (action === 'delete') stack.length = 0;
    else if (action === 'rollback') stack.pop();
    else if (['deploy', 'undeploy', 'traffic', 'promote'].includes(action)) stack.push((before ?? []) as Plan);
  }
  const plan = stack.at(-1);
  return plan === undefined || plan.length === 0 ? null : plan;
}
