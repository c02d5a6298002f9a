import { isAbsolute } from 'node:path';
import type { Config } from '../../config/index.ts';
import { triggerActor } from '../../contracts/actor.ts';
import type { Logger } from '../../contracts/logger.ts';
import { eventKindOf } from '../../contracts/loop/event-key.ts';
import type { Firing, StoredTrigger } from '../../contracts/loop/trigger.ts';
import { storedError } from '../../contracts/run.ts';
import type { RunOrder } from '../../contracts/run-order.ts';
import { MitateError, toMitateError } from '../../errors/index.ts';
import { endpointOf } from '../../feedback/triggers/endpoint-of.ts';
import { decide, reachOf } from '../../feedback/triggers/limits.ts';
import { newId } from '../../orchestrator/launcher/ids.ts';
import { unpackBundle } from '../../orchestrator/release/bundle.ts';
import { placeCode } from '../../orchestrator/release/place-code.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findSource } from '../runs/queued-runs.ts';
import { openEvents } from './events.ts';
import type { OpenEvent } from './watched-event.ts';

export interface FireOptions {
  now: Date;
  logger: Logger;
  /** Enqueues a run; the same id twice is one run. */
  enqueue(order: RunOrder): Promise<string>;
  /** Leaves triggers that export photos to the worker's next tick: a server does no work on photos. */
  leaveFlywheel?: boolean;
}

/**
 * Evaluates each trigger of the project and enqueues the runs of those that fire. A trigger that fails does not stop the others. Also enqueues
 * runs of firings whose process died before it could.
 * @returns new decisions
 */
export async function fireTriggers(config: Config, store: OpenStore, options: FireOptions): Promise<Firing[]> {
  const decided: Firing[] = [];
  for (const trigger of await store.triggers.listTriggers()) {
    if (!trigger.isEnabled) continue;
    try {
      decided.push(...(await evaluateTrigger(store, trigger, options)));
    } catch (error) {
      options.logger.error('trigger evaluation failed', {
        trigger: trigger.name,
        error: toMitateError(error).message,
      });
    }
  }
  await queueFired(config, store, options);
  return decided;
}

async function evaluateTrigger(
  store: Pick<OpenStore, 'triggers' | 'alerts' | 'monitors' | 'releases'>,
  trigger: StoredTrigger,
  { now, logger }: FireOptions,
): Promise<Firing[]> {
  const { triggers } = store;
  const events = await openEvents(store, trigger, now);
  const held = await triggers.listFirings({ trigger: trigger.name, state: 'held' });
  const open = new Set<string>(events.map(({ key }) => key));
  const over = held.map(({ occasion }) => occasion).filter((key) => endsByItself(key) && !open.has(key));
  await triggers.closeHeld(trigger.name, over, 'it ended before the trigger could fire');
  const decided: Firing[] = [];
  for (const event of events) {
    const firing = await decideOne(store, trigger, event, now);
    if (firing === null) continue;
    logger.info(firing.state === 'fired' ? 'trigger fired' : 'trigger held back', {
      trigger: firing.trigger,
      state: firing.state,
      why: firing.why,
      run: firing.runId,
    });
    decided.push(firing);
  }
  return decided;
}

/** Alerts get resolved and results replaced; photos and calls wait without limit. */
const endsByItself = (key: string) => ['alert', 'result'].some((kind) => kind === eventKindOf(key));

async function decideOne(
  { triggers }: Pick<OpenStore, 'triggers'>,
  trigger: StoredTrigger,
  { fired, ...event }: OpenEvent,
  now: Date,
): Promise<Firing | null> {
  const { key, covers, otherwise } = event;
  const named = {
    trigger: trigger.name,
    occasion: key,
    who: `trigger:${trigger.name}`,
    runId: newId(now.getTime()),
    covers,
  };
  const query = { now, reachMs: reachOf(trigger), endpoint: endpointOf(trigger) };
  const firing = await triggers.decideFiring(named, query, otherwise, (history) =>
    decide(trigger, event, history, now),
  );
  if (firing?.state === 'fired') await fired?.();
  return firing;
}

/** Enqueues the runs of firings that are not yet in the queue; retried at the next tick on failure. */
export async function queueFired(config: Config, store: OpenStore, options: FireOptions): Promise<void> {
  const { now, logger, enqueue, leaveFlywheel } = options;
  for (const firing of await store.triggers.unqueued()) {
    try {
      const trigger = await store.triggers.getTrigger(firing.trigger);
      if (!trigger?.isEnabled) {
        const dropped = trigger === null ? 'its trigger was removed' : 'its trigger was turned off';
        await store.triggers.markQueued(firing.seq, now, { dropped });
        continue;
      }
      if (trigger.flywheel !== null && leaveFlywheel) continue;
      if (firing.run !== null) {
        await store.triggers.markQueued(firing.seq, now, {});
        continue;
      }
      const span = await exportSpan(config, store, trigger, now);
      await enqueue(await orderOf(config, store, trigger, firing));
      await store.triggers.markQueued(firing.seq, now, span === null ? {} : { flywheel: span });
    } catch (error) {
      const failure = toMitateError(error);
      await store.triggers.noteFailure(firing.runId!, 'queue', storedError(failure));
      logger.error('trigger run not queued', { trigger: firing.trigger, error: failure.message });
    }
  }
}

/** Repeated after a crash, it finds its photos in the span that it wrote. */
async function exportSpan(config: Config, store: OpenStore, { name, flywheel }: StoredTrigger, now: Date) {
  if (flywheel === null) return null;
  // loads native modules: only on demand
  const { exportFlywheel } = await import('../datasets/flywheel/export.ts');
  const { span, path, photos, digest } = await exportFlywheel(config, store, flywheel, {
    now,
    actor: triggerActor(name),
  });
  return { span, path, photos, digest };
}

/** The run of a firing; deterministic, so that it can be repeated. */
async function orderOf(
  { pipelines }: Config,
  store: Pick<OpenStore, 'project' | 'listRuns' | 'releases' | 'workspace'>,
  trigger: StoredTrigger,
  { runId, who, evidence }: Firing,
): Promise<RunOrder> {
  const released = typeof evidence.release === 'string' ? await releasedCode(store, evidence.release) : null;
  const { pipeline, parameters, name, isConfined } = trigger;
  const file = isAbsolute(pipeline) ? pipeline : () => findSource({ store, pipelines }, pipeline);
  return {
    id: runId!,
    project: store.project,
    source: released?.source ?? (typeof file === 'string' ? file : await file()),
    parameters: { ...released?.parameters, ...parameters },
    seed: null,
    who,
    trigger: `trigger ${name}`,
    isConfined,
  };
}

/** The released code, not the current content of the pipelines folder. */
async function releasedCode({ releases, workspace }: Pick<OpenStore, 'releases' | 'workspace'>, id: string) {
  const release = await releases.get(id);
  const bundle = await releases.bundle(id);
  if (release === null || bundle === null) throw new MitateError('RELEASE_UNKNOWN', { id });
  return { source: await placeCode(workspace.releases, await unpackBundle(bundle)), parameters: release.parameters };
}
