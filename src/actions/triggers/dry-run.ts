import { MitateError } from '../../errors/index.ts';
import { type LookBack, lookBack } from '../../feedback/triggers/look-back.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { readPast } from './past.ts';

export interface DryRun extends LookBack {
  trigger: string;
  from: Date;
  to: Date;
}

/** When the trigger would have fired in the past with its current definition. Starts nothing. @throws TRIGGER_UNKNOWN, TRIGGER_FOLDER_MISSING */
export async function dryRunTrigger(
  store: Pick<OpenStore, 'triggers' | 'monitors' | 'releases' | 'alerts'>,
  name: string,
  { now, lastMs }: { now: Date; lastMs: number },
): Promise<DryRun> {
  const trigger = await store.triggers.getTrigger(name);
  if (trigger === null) throw new MitateError('TRIGGER_UNKNOWN', { trigger: name });
  const span = { from: new Date(now.getTime() - lastMs), to: now };
  return { trigger: name, ...span, ...lookBack(trigger, await readPast(store, trigger, span), span) };
}
