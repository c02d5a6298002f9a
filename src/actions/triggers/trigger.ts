import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Actor } from '../../contracts/actor.ts';
import type { Firing, FolderMemory, StoredTrigger, Trigger, TriggerInput } from '../../contracts/loop/trigger.ts';
import { triggerSchema } from '../../contracts/loop/trigger.ts';
import { issueOf, MitateError } from '../../errors/index.ts';
import { nextMoment, scheduleProblem } from '../../feedback/triggers/schedule.ts';
import { absolutePlace } from '../../network/bucket/place.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { confinePlaces, resolvePlaces } from '../datasets/flywheel/folder.ts';
import { requireEndpoint } from '../endpoints/require-endpoint.ts';
import { type Confinement, confinePlace } from '../places/confine.ts';
import { findSource } from '../runs/queued-runs.ts';
import { lookAtFolder } from './watched-folder.ts';

export interface TriggerChange {
  actor: Actor;
  now: Date;
  config: Confinement['config'];
  /** Command line only: allows files anywhere on this machine, relative to this folder. */
  cwd?: string;
  /** Default: in this process. */
  look?: typeof lookAtFolder;
}

/**
 * @throws TRIGGER_INVALID, TRIGGER_EXISTS, TRIGGER_FOLDER_MISSING, ENDPOINT_UNKNOWN, RUN_PIPELINE_UNKNOWN, RUN_PIPELINE_OUTSIDE,
 *   PLACE_OUTSIDE
 */
export async function createTrigger(
  store: Pick<OpenStore, 'audited' | 'endpoints' | 'monitors' | 'listRuns' | 'project' | 'workspace'>,
  input: TriggerInput,
  change: TriggerChange,
): Promise<StoredTrigger> {
  const { actor, now } = change;
  const trigger = await checked(store, read(input), change);
  const memory = await initialMemory(trigger, change.look);
  const creation = { who: actor.name, at: now, memory, isConfined: change.cwd === undefined };
  const { name, pipeline, when } = trigger;
  return await store.audited(({ triggers }) => triggers.createTrigger(trigger, creation), {
    actor,
    action: 'trigger.create',
    subject: name,
    details: { pipeline, when },
  });
}

function read(input: TriggerInput): Trigger {
  const parsed = triggerSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { place, reason } = issueOf(parsed.error);
  throw invalid(String(input.name), place || 'definition', reason);
}

async function checked(
  store: Pick<OpenStore, 'endpoints' | 'monitors' | 'listRuns' | 'project' | 'workspace'>,
  trigger: Trigger,
  change: TriggerChange,
): Promise<Trigger> {
  const { name, when } = trigger;
  if (when.kind === 'schedule') {
    const problem = scheduleProblem(when, change.now);
    if (problem) throw invalid(name, problem.field, problem.reason);
  }
  if (trigger.flywheel !== null) await requireEndpoint(store, trigger.flywheel.endpoint);
  if ('endpoint' in when) await requireEndpoint(store, when.endpoint);
  if (when.kind === 'drift') await requireMonitors(store, name, when);
  const pipeline = when.kind === 'release' ? trigger.pipeline : await pipelineOf(store, trigger.pipeline, change);
  const { config, cwd } = change;
  const within = { config, project: store.project };
  const place = when.kind === 'new-data' ? when.folder : null;
  const folder =
    place === null ? {} : { folder: cwd === undefined ? await confinePlace(within, place) : absolutePlace(cwd, place) };
  const policy = trigger.flywheel;
  const flywheel =
    policy && (cwd === undefined ? await confinePlaces(within, policy) : resolvePlaces({ pipelines: cwd }, policy));
  return { ...trigger, pipeline, when: { ...when, ...folder }, flywheel };
}

const invalid = (trigger: string, field: string, reason: string) =>
  new MitateError('TRIGGER_INVALID', { trigger, field, reason });

/** A misspelt name would never fire. */
async function requireMonitors(
  { monitors }: Pick<OpenStore, 'monitors'>,
  trigger: string,
  { endpoint, monitors: named }: Extract<Trigger['when'], { kind: 'drift' }>,
): Promise<void> {
  const known = new Set((await monitors.listMonitors({ endpoint })).map(({ name }) => name));
  const missing = named.find((name) => !known.has(name));
  if (missing !== undefined) throw invalid(trigger, 'monitors', `endpoint ${endpoint} has no monitor "${missing}"`);
}

/** A pipeline's name stays a name, because its file may move. */
async function pipelineOf(
  store: Pick<OpenStore, 'listRuns' | 'workspace'>,
  pipeline: string,
  { cwd, config }: Pick<TriggerChange, 'cwd' | 'config'>,
): Promise<string> {
  const file = cwd === undefined ? null : resolve(cwd, pipeline);
  if (file !== null && existsSync(file)) return realpathSync(file);
  const source = await findSource({ store, pipelines: config.pipelines }, pipeline);
  return /[./\\]/.test(pipeline) ? source : pipeline;
}

/** Photos that exist now are not new. */
async function initialMemory({ name, when }: Trigger, look = lookAtFolder): Promise<FolderMemory | null> {
  return when.kind === 'new-data' && when.folder !== null ? await look(name, when.folder) : null;
}

/** Turning it off drops held events; photos that arrive while it is off are not new afterwards. @throws TRIGGER_UNKNOWN, TRIGGER_FOLDER_*, BUCKET_* */
export async function switchTrigger(
  store: Pick<OpenStore, 'triggers' | 'audited'>,
  name: string,
  { isEnabled, actor, now, look }: { isEnabled: boolean; actor: Actor; now: Date; look?: typeof lookAtFolder },
): Promise<StoredTrigger> {
  const before = await store.triggers.getTrigger(name);
  const isChange = before !== null && before.isEnabled !== isEnabled;
  // read first: a missing folder leaves the trigger off
  const memory = isChange && isEnabled ? await initialMemory(before, look) : null;
  return await store.audited(
    async ({ triggers }) => {
      const trigger = await triggers.enableTrigger(name, isEnabled, now);
      if (!isChange) return trigger;
      const held = await triggers.listFirings({ trigger: name, state: 'held', limit: 10_000 });
      const events = held.map(({ occasion }) => occasion);
      await triggers.closeHeld(name, events, 'the trigger was turned off');
      if (memory !== null) await triggers.rememberFolder(name, memory);
      return trigger;
    },
    { actor, action: isEnabled ? 'trigger.enable' : 'trigger.disable', subject: name },
  );
}

/** Its firings are kept. @throws TRIGGER_UNKNOWN */
export async function removeTrigger(
  { audited }: Pick<OpenStore, 'audited'>,
  name: string,
  actor: Actor,
): Promise<void> {
  await audited(({ triggers }) => triggers.removeTrigger(name), { actor, action: 'trigger.remove', subject: name });
}

export interface TriggerDetails {
  trigger: StoredTrigger;
  /** The next moment of an enabled schedule. */
  next: Date | null;
  /** Newest first. */
  firings: Firing[];
}

/** Newest first. */
export async function listFirings(
  { triggers }: Pick<OpenStore, 'triggers'>,
  filter: Parameters<OpenStore['triggers']['listFirings']>[0],
): Promise<Firing[]> {
  return await triggers.listFirings(filter);
}

/** @throws TRIGGER_UNKNOWN */
export async function showTrigger(
  { triggers }: Pick<OpenStore, 'triggers'>,
  name: string,
  { now, last }: { now: Date; last: number },
): Promise<TriggerDetails> {
  const trigger = await triggers.getTrigger(name);
  if (trigger === null) throw new MitateError('TRIGGER_UNKNOWN', { trigger: name });
  return await detailsOf(triggers, trigger, { now, last });
}

async function detailsOf(
  triggers: OpenStore['triggers'],
  trigger: StoredTrigger,
  { now, last }: { now: Date; last: number },
): Promise<TriggerDetails> {
  const firings = await triggers.listFirings({ trigger: trigger.name, limit: last });
  return { trigger, next: nextOf(trigger, now), firings };
}

/** By name, each with its newest firing. */
export async function listTriggers({ triggers }: Pick<OpenStore, 'triggers'>, now: Date): Promise<TriggerDetails[]> {
  const all = await triggers.listTriggers();
  return await Promise.all(all.map((trigger) => detailsOf(triggers, trigger, { now, last: 1 })));
}

function nextOf({ when, isEnabled }: StoredTrigger, now: Date): Date | null {
  return when.kind === 'schedule' && isEnabled ? nextMoment(when, now) : null;
}
