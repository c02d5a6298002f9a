import type { Trigger } from '../../contracts/loop/trigger.ts';

/** Whose labels the trigger counts; null = those of the whole project. */
export function endpointOf({ when, flywheel }: Pick<Trigger, 'when' | 'flywheel'>): string | null {
  return 'endpoint' in when ? when.endpoint : (flywheel?.endpoint ?? null);
}
