import { v7 } from 'uuid';
import { nameSchema } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import {
  type AlertMessage,
  type Channel,
  channelSchema,
  channelVariables,
  type Delivery,
  type StoredChannel,
} from '../../contracts/loop/alert.ts';
import { monitorKinds } from '../../contracts/loop/monitor.ts';
import { isAtLeast, severityOf } from '../../contracts/severity.ts';
import { firstIssue, issuesOf, MitateError } from '../../errors/index.ts';
import { bodyFor } from '../../feedback/channels/body.ts';
import { type Sending, sendMessage } from '../../feedback/channels/send.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { withSecretsOf } from '../secrets/secret.ts';

/** Who acts on a channel, and when. */
export interface ChannelChange {
  actor: Actor;
  now: Date;
}

/**
 * @param definition an unchecked `Channel`. Its endpoints and monitors must exist and be able to match, because a typing error would silence it
 * @param change.others variables that it may not name: secrets that are not the project's would go where it says
 * @throws CHANNEL_INVALID, CHANNEL_EXISTS
 */
export async function createChannel(
  store: Pick<OpenStore, 'endpoints' | 'monitors' | 'audited'>,
  name: string,
  definition: unknown,
  { actor, now, others = {} }: ChannelChange & { others?: Readonly<Record<string, string>> },
): Promise<StoredChannel> {
  const channel = await checkedChannel(store, name, definition, others);
  return await store.audited(({ alerts }) => alerts.createChannel(name, channel, { who: actor.name, at: now }), {
    actor,
    action: 'channel.create',
    subject: name,
    details: { kind: channel.kind },
  });
}

/** By name. */
export async function listChannels({ alerts }: Pick<OpenStore, 'alerts'>): Promise<StoredChannel[]> {
  return await alerts.listChannels();
}

/** Messages that could not be delivered, newest first: of one channel, or of all. @throws CHANNEL_UNKNOWN */
export async function listDeadLetters(
  store: Pick<OpenStore, 'alerts'>,
  channel?: string,
  limit = 1_000,
): Promise<Delivery[]> {
  if (channel !== undefined) await requireChannel(store, channel);
  return await store.alerts.listDeliveries({ state: 'dead', limit, ...(channel !== undefined && { channel }) });
}

/** Its waiting messages become dead letters. @throws CHANNEL_UNKNOWN */
export async function removeChannel(
  { audited }: Pick<OpenStore, 'audited'>,
  name: string,
  actor: Actor,
): Promise<StoredChannel> {
  return await audited(({ alerts }) => alerts.removeChannel(name), { actor, action: 'channel.remove', subject: name });
}

/** Every problem is reported at once. */
async function checkedChannel(
  store: Pick<OpenStore, 'endpoints' | 'monitors'>,
  name: string,
  definition: unknown,
  others: Readonly<Record<string, string>>,
): Promise<Channel> {
  const named = nameSchema.safeParse(name);
  const checked = channelSchema.safeParse(definition);
  const reasons = [
    ...(named.success ? [] : [`its name: ${firstIssue(named.error)}`]),
    ...(checked.success ? [] : issuesOf(checked.error).map(definitionProblem)),
    ...(checked.success ? await unheard(store, checked.data) : []),
    ...(checked.success ? channelVariables(checked.data) : [])
      .filter((variable) => Object.hasOwn(others, variable))
      .map(
        (variable) =>
          `${variable} is a variable of the server, which only its admins use; name a secret of the project`,
      ),
  ];
  if (checked.success && reasons.length === 0) return checked.data;
  throw new MitateError('CHANNEL_INVALID', { channel: name, reason: reasons.join('; ') });
}

function definitionProblem({ place, reason }: { place: string; reason: string }): string {
  const flag = `--${place.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (place === '') return reason;
  return reason.endsWith('received undefined') ? `it needs "${place}" (${flag})` : `${place}: ${reason}`;
}

/** Endpoints and monitors that it names but never hears of. */
async function unheard(
  store: Pick<OpenStore, 'endpoints' | 'monitors'>,
  { endpoints = [], monitors = [], leastSeverity }: Channel,
): Promise<string[]> {
  const reasons: string[] = [];
  for (const endpoint of endpoints)
    if ((await store.endpoints.getEndpoint(endpoint)) === null) reasons.push(`there is no endpoint "${endpoint}"`);
  for (const name of monitors) {
    const monitor = await store.monitors.getMonitor(name);
    const kind = monitor?.kind ?? monitorKinds.find((each) => each === name);
    if (kind === undefined) {
      reasons.push(`there is no monitor or monitor kind "${name}"`);
      continue;
    }
    const severity = severityOf(kind);
    if (!isAtLeast(severity, leastSeverity ?? severity))
      reasons.push(`alerts of "${name}" have severity "${severity}", below "${leastSeverity}"`);
    if (monitor && endpoints.length > 0 && !endpoints.includes(monitor.endpoint))
      reasons.push(`"${name}" watches the endpoint "${monitor.endpoint}", which is not named`);
  }
  return reasons;
}

export async function requireChannel(store: Pick<OpenStore, 'alerts'>, name: string): Promise<StoredChannel> {
  const found = await store.alerts.getChannel(name);
  if (found === null) throw new MitateError('CHANNEL_UNKNOWN', { channel: name });
  return found;
}

/** Sends a test message now, from this process. @throws CHANNEL_UNKNOWN, as `sendMessage` */
export async function testChannel(
  store: Pick<OpenStore, 'alerts' | 'project' | 'audited' | 'secrets'>,
  name: string,
  { actor, now, channels }: ChannelChange & { channels: Sending },
): Promise<void> {
  const { definition } = await requireChannel(store, name);
  const sending = await withSecretsOf(store, definition, channels);
  const id = v7();
  const body = bodyFor(definition, testMessage(store.project, now), id);
  const missed = await sendMessage({ name, channel: definition, id, body, at: now }, sending);
  if (missed !== null)
    throw new MitateError('CHANNEL_SEND_FAILED', { channel: name, target: 'everybody', reason: missed });
  await store.audited(async () => {}, { actor, action: 'channel.test', subject: name });
}

function testMessage(project: string, at: Date): AlertMessage {
  const said = 'This is a test: the channel works.';
  const finding = { statistic: null, p: null, threshold: null, interval: null, movers: [], details: {}, said };
  return {
    news: 'test',
    project,
    at,
    deployedModelId: null,
    alert: {
      id: 'test',
      monitor: 'test',
      kind: null,
      severity: 'notice',
      endpoint: 'test',
      since: at,
      windowStart: at,
      windowEnd: at,
      remedy: 'Nothing.',
      finding: { ...finding, state: 'ok' },
    },
  };
}

/**
 * Queues a channel's dead letters for the next tick, except those superseded by a later message of the same alert; or one by id, superseded or not.
 * @throws CHANNEL_UNKNOWN, DELIVERY_UNKNOWN
 */
export async function retryDeadLetters(
  store: Pick<OpenStore, 'alerts' | 'audited'>,
  { channel, id }: { channel: string; id?: string | undefined },
  { actor, now }: ChannelChange,
): Promise<number> {
  await requireChannel(store, channel);
  const named = id !== undefined && { id };
  return await store.audited(
    async ({ alerts }) => {
      const count = await alerts.retryDead({ channel, ...named }, now);
      if (count === 0 && named) throw new MitateError('DELIVERY_UNKNOWN', { what: `id ${id} in "${channel}"` });
      return count;
    },
    (retried) => ({ actor, action: 'channel.retry', subject: channel, details: { ...named, retried } }),
  );
}
