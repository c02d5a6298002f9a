import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  createChannel,
  removeChannel,
  requireChannel,
  retryDeadLetters,
  testChannel,
} from '../../actions/alerts/channel.ts';
import { withStore } from '../../actions/with-store.ts';
import { type Channel, type ChannelKind, channelKinds, type StoredChannel } from '../../contracts/loop/alert.ts';
import { type Severity, severities } from '../../contracts/severity.ts';
import { actor } from '../access.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';

export function registerChannel(program: Command): void {
  const channel = program
    .command('channel')
    .description('where alerts are told: create, list, remove, test, dead, retry');
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
    .description('make a channel; its secrets stay in variables named MITATE_CHANNEL_...')
    .addOption(new Option('--kind <kind>', 'what it speaks').choices(channelKinds).makeOptionMandatory())
    .option('--url <url>', 'webhook, pubsub: where to send')
    .option(
      '--secret-env <variable>',
      'webhook: holds the secret of the HMAC; pubsub: a bearer token or a service account’s JSON key',
    )
    .option('--url-env <variable>', 'slack: holds the URL of the incoming webhook')
    .option('--smtp-url-env <variable>', 'email: holds smtps://user:password@host:465')
    .option('--from <address>', 'email: the sender')
    .option('--to <address...>', 'email: who gets it')
    .addOption(
      new Option('--shape <shape>', 'pubsub: as pushed to a subscriber, or as published to a topic').choices([
        'push',
        'publish',
      ]),
    )
    .addOption(
      new Option('--least-severity <severity>', 'tell it of these alerts and more severe ones only').choices(
        severities,
      ),
    )
    .option('--endpoints <name...>', 'tell it of alerts of these endpoints only')
    .option('--monitors <name...>', 'tell it of alerts of these monitors, or kinds of monitors, only');
  action(command, async ({ config, output }, name: string, flags: Flags) => {
    const made = await withStore(config, { attach: true }, (store) =>
      createChannel(store, name, definitionOf(flags), { actor: actor(), now: new Date() }),
    );
    output.json(made);
    output.line(`Channel ${name} is made: ${targetOf(made)}. Try it: mitate channel test ${name}`);
  });
}

/** What was given, under the names of the contract, which refuses what does not belong to the kind. */
function definitionOf(flags: Flags): Record<string, unknown> {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** Without anything secret. */
function targetOf({ definition }: Pick<StoredChannel, 'definition'>): string {
  return targets[definition.kind](definition as never);
}

const targets: { [K in ChannelKind]: (definition: Extract<Channel, { kind: K }>) => string } = {
  webhook: ({ url }) => url,
  pubsub: ({ url, shape }) => `${url} (${shape})`,
  slack: ({ urlEnv }) => `Slack, URL in ${urlEnv}`,
  email: ({ to, smtpUrlEnv }) => `${to.join(', ')}, server in ${smtpUrlEnv}`,
};

/** What narrows it. */
function heardText({ leastSeverity, endpoints, monitors }: Channel): string {
  const least = leastSeverity === undefined || leastSeverity === severities[0] ? [] : [`${leastSeverity} at least`];
  const places = endpoints === undefined ? [] : [`on ${endpoints.join(', ')}`];
  return [...least, ...(monitors === undefined ? [] : [monitors.join(', ')]), ...places].join('; ') || 'all alerts';
}

function registerList(channel: Command): void {
  const command = channel.command('list', { isDefault: true }).description('channels of the project');
  action(command, async ({ config, output }) => {
    const channels = await withStore(config, { attach: true }, (store) => store.alerts.listChannels());
    for (const each of channels) output.json(each);
    if (channels.length === 0) return output.line('No channels: alerts are kept, and nobody is told.');
    output.table(
      ['NAME', 'KIND', 'TO', 'HEARS OF', 'MADE', 'BY'],
      channels.map((each) => [
        each.name,
        each.definition.kind,
        targetOf(each),
        heardText(each.definition),
        moment(each.createdAt),
        each.who,
      ]),
    );
  });
}

function registerRemove(channel: Command): void {
  const command = channel
    .command('remove <name>')
    .description('remove a channel; what waits for it becomes a dead letter');
  action(command, async ({ config, output }, name: string) => {
    const removed = await withStore(config, { attach: true }, (store) => removeChannel(store, name, actor()));
    output.json(removed);
    output.line(`Channel ${name} is removed.`);
  });
}

function registerTest(channel: Command): void {
  const command = channel.command('test <name>').description('send a test message at once, from this process');
  action(command, async ({ config, output }, name: string) => {
    await withStore(config, { attach: true }, (store) =>
      testChannel(store, name, { actor: actor(), now: new Date(), channels: config.channels }),
    );
    output.json({ name, delivered: true });
    output.line(`Channel ${name} took the test message.`);
  });
}

function registerDead(channel: Command): void {
  const command = channel
    .command('dead [name]')
    .description('messages that could not be delivered, newest first; of one channel or of all');
  action(command, async ({ config, output }, name: string | undefined) => {
    const dead = await withStore(config, { attach: true }, async (store) => {
      if (name !== undefined) await requireChannel(store, name);
      return await store.alerts.listDeliveries({ state: 'dead', ...(name !== undefined && { channel: name }) });
    });
    for (const each of dead) output.json(each);
    if (dead.length === 0) return output.line('No dead letters.');
    output.table(
      ['MESSAGE', 'CHANNEL', 'ALERT', 'NEWS', '#ATTEMPTS', 'MADE', 'ERROR'],
      dead.map((each) => [
        each.id,
        each.channel,
        each.alert,
        each.news,
        each.attempts,
        moment(each.createdAt),
        each.lastError,
      ]),
    );
  });
}

function registerRetry(channel: Command): void {
  const command = channel
    .command('retry <name>')
    .description(
      'send its dead letters again, at the worker’s next tick, except where a later message of the alert has arrived',
    )
    .option('--id <message>', 'this one, whatever came since', messageId);
  action(command, async ({ config, output }, name: string, { id }: { id?: string }) => {
    const retried = await withStore(config, { attach: true }, (store) =>
      retryDeadLetters(store, { channel: name, id }, { actor: actor(), now: new Date() }),
    );
    output.json({ name, retried });
    output.line(
      retried === 0
        ? `Channel ${name} has no dead letters, or later messages of their alerts have arrived.`
        : `${retried} dead letters wait for the next tick.`,
    );
  });
}

function messageId(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('Take it from "mitate channel dead".');
}
