import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import { eventKey } from '../../contracts/loop/event-key.ts';
import type { Firing } from '../../contracts/loop/trigger.ts';
import { MitateError } from '../../errors/index.ts';
import { newId } from '../../orchestrator/launcher/ids.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { type FireOptions, queueFired } from './fire.ts';

export interface TriggerCall {
  actor: Actor;
  now: Date;
  /** Idempotency key. */
  key?: string | undefined;
}

/**
 * Starts its run on demand: ignores the limits, but counts towards them. A release trigger runs the newest release of its environment.
 * @throws TRIGGER_UNKNOWN, TRIGGER_OFF, TRIGGER_NO_RELEASE
 */
export async function runTrigger(
  config: Config,
  store: OpenStore,
  name: string,
  { actor, key, ...options }: TriggerCall & FireOptions,
): Promise<Firing> {
  const { when } = await requireOn(store, name);
  const evidence = when.kind === 'release' ? await newestRelease(store, name, when.environment) : {};
  const occasion = eventKey('demand', key ?? newId());
  const asked = { trigger: name, occasion, who: actor.name, runId: newId(), covers: [] };
  const decision = { fires: true, why: `requested by ${actor.name}`, evidence };
  const query = { now: options.now, reachMs: 0, endpoint: null };
  const find = async ({ triggers }: Pick<OpenStore, 'triggers'>): Promise<Firing> => {
    const [firing] = await triggers.listFirings({ trigger: name, occasion, limit: 1 });
    if (firing === undefined) throw new MitateError('TRIGGER_OFF', { trigger: name });
    return firing;
  };
  await store.audited(
    async (within) => {
      await within.triggers.decideFiring(asked, query, 'skipped', () => decision);
      return await find(within);
    },
    ({ runId }) => ({ actor, action: 'trigger.run', subject: name, details: { run: runId } }),
  );
  await queueFired(config, store, options);
  return await find(store);
}

/** Announces new photos; the next tick decides. @returns false when the key was used before @throws TRIGGER_UNKNOWN, TRIGGER_OFF, TRIGGER_TAKES_NO_CALLS */
export async function notifyTrigger(
  store: Pick<OpenStore, 'triggers' | 'audited'>,
  name: string,
  { photos, actor, now, key }: TriggerCall & { photos: number },
): Promise<boolean> {
  const { when } = await requireOn(store, name);
  if (when.kind !== 'new-data') throw new MitateError('TRIGGER_TAKES_NO_CALLS', { trigger: name, kind: when.kind });
  const who = actor.name;
  const why = `${who} announced ${photos} new photo(s)`;
  const occasion = eventKey('call', key ?? newId());
  const event = { trigger: name, occasion, who, at: now, why, evidence: { photos } };
  return await store.audited(
    ({ triggers }) => triggers.recordEvent(event),
    (noted) => ({ actor, action: 'trigger.notify', subject: name, details: { photos, noted } }),
  );
}

/** The released code, not the current content of the pipelines folder. */
async function newestRelease({ releases }: Pick<OpenStore, 'releases'>, trigger: string, environment: string) {
  const newest = (await releases.listStarts()).find((start) => start.environment === environment);
  if (newest === undefined) throw new MitateError('TRIGGER_NO_RELEASE', { trigger, environment });
  return { release: newest.release, environment };
}

async function requireOn({ triggers }: Pick<OpenStore, 'triggers'>, name: string) {
  const trigger = await triggers.getTrigger(name);
  if (trigger === null) throw new MitateError('TRIGGER_UNKNOWN', { trigger: name });
  if (!trigger.isEnabled) throw new MitateError('TRIGGER_OFF', { trigger: name });
  return trigger;
}
