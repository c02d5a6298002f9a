import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  createChannel,
  listChannels,
  listDeadLetters,
  removeChannel,
  retryDeadLetters,
  testChannel,
} from '../../actions/alerts/channel.ts';
import { type Channel, type ChannelKind, channelKinds, type StoredChannel } from '../../contracts/loop/alert.ts';
import { type Severity, severities } from '../../contracts/severity.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';
import { plural } from '../output/plural.ts';

export function registerChannel(program: Command): void {
  const channel = program
    .command('channel')
    .description('manage notification channels of alerts: create, list, remove, test, dead, retry');
  registerCreate(channel);
  registerList(channel);
  registerRemove(channel);
  registerTest(channel);
  registerDead(channel);
  registerRetry(channel);
}

interface Flags {
  kind: ChannelKind;
  url?: string;
  secretEnv?: string;
  urlEnv?: string;
  smtpUrlEnv?: string;
  from?: string;
  to?: string[];
  shape?: string;
  leastSeverity?: Severity;
  endpoints?: string[];
  monitors?: string[];
}

function registerCreate(channel: Command): void {
  const command = channel
    .command('create <name>')
    .description(
      'create a channel; its secrets are named MITATE_CHANNEL_* and are in the environment or in "mitate secret"',
    )
    .addOption(new Option('--kind <kind>', 'kind of channel').choices(channelKinds).makeOptionMandatory())
    .option('--url <url>', 'webhook, pubsub: URL to post to')
    .option(
      '--secret-env <variable>',
      'webhook: variable with the HMAC secret; pubsub: with a bearer token or a service account’s JSON key',
    )
    .option('--url-env <variable>', 'slack: variable with the URL of the incoming webhook')
    .option('--smtp-url-env <variable>', 'email: variable with smtps://user:password@host:465')
    .option('--from <address>', 'email: sender')
    .option('--to <address...>', 'email: recipients')
    .addOption(
      new Option(
        '--shape <shape>',
        'pubsub: message format, as pushed to a subscriber or as published to a topic',
      ).choices(['push', 'publish']),
    )
    .addOption(new Option('--least-severity <severity>', 'only alerts of this severity or higher').choices(severities))
    .option('--endpoints <name...>', 'only alerts on these endpoints')
    .option('--monitors <name...>', 'only alerts of these monitors or kinds of monitors');
  action(command, async ({ inStore, output, by }, name: string, flags: Flags) => {
    const made = await inStore((store) => createChannel(store, name, definitionOf(flags), by));
    output.json(made);
    output.line(`Created channel ${name}: ${targetOf(made)}. To test it: mitate channel test ${name}`);
  });
}

/** The given flags; the contract refuses those that do not belong to the kind. */
function definitionOf(flags: Flags): Record<string, unknown> {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** Without secrets. */
function targetOf({ definition }: Pick<StoredChannel, 'definition'>): string {
  return targets[definition.kind](definition as never);
}

const targets: { [K in ChannelKind]: (definition: Extract<Channel, { kind: K }>) => string } = {
  webhook: ({ url }) => url,
  pubsub: ({ url, shape }) => `${url} (${shape})`,
  slack: ({ urlEnv }) => `Slack, URL in ${urlEnv}`,
  email: ({ to, smtpUrlEnv }) => `${to.join(', ')}, server in ${smtpUrlEnv}`,
};

/** Which alerts it delivers. */
function filterText({ leastSeverity, endpoints, monitors }: Channel): string {
  const least = leastSeverity === undefined || leastSeverity === severities[0] ? [] : [`${leastSeverity} or higher`];
  const places = endpoints === undefined ? [] : [`on ${endpoints.join(', ')}`];
  return [...least, ...(monitors === undefined ? [] : [monitors.join(', ')]), ...places].join('; ') || 'all alerts';
}

function registerList(channel: Command): void {
  const command = channel.command('list', { isDefault: true }).description('list channels of the project');
  action(command, async ({ inStore, output }) => {
    const channels = await inStore(listChannels);
    output.list(
      channels,
      'No channels: alerts are recorded, but nobody is notified. Create one with "mitate channel create".',
      (each) => ({
        NAME: each.name,
        KIND: each.definition.kind,
        TARGET: targetOf(each),
        ALERTS: filterText(each.definition),
        CREATED: moment(each.createdAt),
        BY: each.who,
      }),
    );
  });
}

function registerRemove(channel: Command): void {
  const command = channel
    .command('remove <name>')
    .description('remove a channel; its undelivered messages become dead letters');
  action(command, async ({ inStore, output, by }, name: string) => {
    const removed = await inStore((store) => removeChannel(store, name, by.actor));
    output.json(removed);
    output.line(`Removed channel ${name}.`);
  });
}

function registerTest(channel: Command): void {
  const command = channel.command('test <name>').description('send a test message now, from this process');
  action(command, async ({ config, inStore, output, by }, name: string) => {
    await inStore((store) => testChannel(store, name, { ...by, channels: config.channels }));
    output.json({ name, delivered: true });
    output.line(`Delivered a test message to channel ${name}.`);
  });
}

function registerDead(channel: Command): void {
  const command = channel.command('dead [name]').description('list messages that could not be delivered, newest first');
  action(command, async ({ inStore, output }, name: string | undefined) => {
    const dead = await inStore((store) => listDeadLetters(store, name));
    output.list(dead, 'No dead letters.', (each) => ({
      MESSAGE: each.id,
      CHANNEL: each.channel,
      ALERT: each.alert,
      EVENT: each.news,
      '#ATTEMPTS': each.attempts,
      CREATED: moment(each.createdAt),
      ERROR: each.lastError,
    }));
  });
}

function registerRetry(channel: Command): void {
  const command = channel
    .command('retry <name>')
    .description(
      'queue dead letters for the worker’s next tick, except where a later message of the same alert was delivered',
    )
    .option('--id <message>', 'only this message, even if a later one was delivered', messageId);
  action(command, async ({ inStore, output, by }, name: string, { id }: { id?: string }) => {
    const retried = await inStore((store) => retryDeadLetters(store, { channel: name, id }, by));
    output.json({ name, retried });
    output.line(
      retried === 0
        ? `Nothing to retry: channel ${name} has no dead letters, or later messages of the same alerts were delivered.`
        : `Queued ${plural(retried, 'dead letter')} for the next tick.`,
    );
  });
}

function messageId(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected an id from "mitate channel dead".');
}
