import type { Trigger } from '../../contracts/loop/trigger.ts';

/** The endpoint whose labels the trigger counts; null = all of the project. */
export function endpointOf({ when, flywheel }: Pick<Trigger, 'when' | 'flywheel'>): string | null {
  return 'endpoint' in when ? when.endpoint : (flywheel?.endpoint ?? null);
}
