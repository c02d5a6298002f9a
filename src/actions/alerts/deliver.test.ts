import { createHmac } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { found } from '../../../tests/support/found.ts';
import { Receiver } from '../../../tests/support/receiver.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { SmtpServer } from '../../../tests/support/smtp-server.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import type { Logger } from '../../contracts/logger.ts';
import type { Sending } from '../../feedback/channels/send.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { resolveAlert } from './alert.ts';
import { createChannel, retryDeadLetters, testChannel } from './channel.ts';
import { deliverDue } from './deliver.ts';
import { raiseAlerts } from './raise.ts';

const start = new Date('2026-03-02T00:00:00Z');
const later = (seconds: number) => new Date(start.getTime() + seconds * 1_000);
const secret = 'a-secret-of-32-characters-012345';
const variable = 'MITATE_CHANNEL_SECRET';
const sending = (change: Partial<Sending> = {}): Sending => ({
  allow: ['127.0.0.1'],
  secrets: { [variable]: secret },
  timeoutMs: 2_000,
  ...change,
});

const scratch = new ScratchFolder();
let all: OpenStore;
let store: OpenStore;
let receiver: Receiver;
let logged: string[];
const say = (message: string, fields?: object) => void logged.push(`${message} ${JSON.stringify(fields)}`);
const logger: Logger = { debug: say, info: say, warn: say, error: say };
let projects = 0;

beforeAll(async () => {
  all = await openStore({ workspace: scratch.at('workspace') });
  receiver = await Receiver.open();
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await all[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});
beforeEach(async () => {
  const name = `p${++projects}`;
  await unaudited(all).access.createProject({ name, description: '' });
  store = all.forProject(name);
  logged = [];
  receiver.got.length = 0;
  receiver.answer = (response) => void response.end('ok');
});
afterEach(async () => {
  const kept = JSON.stringify([logged, await store.alerts.listDeliveries(), await store.alerts.listChannels()]);
  expect(kept).not.toContain(secret);
});

const add = (name: string, definition: object) => createChannel(store, name, definition, { actor: tester, now: start });
const hook = (url = receiver.url('/hook')) => ({ kind: 'webhook', url, secretEnv: variable });
/** An alert that every channel is to be told of. */
const alertNow = async () => {
  await found(store, { monitor: 'm', day: 1, said: 'share of unwell 0.628 -> 0.941' });
  await raiseAlerts(store, { now: start, logger });
};
const deliver = (now = start, change: Partial<Sending> = {}) =>
  deliverDue(store, { clock: () => now, logger, channels: sending(change) });
const only = async () => (await store.alerts.listDeliveries())[0]!;

describe('a webhook', () => {
  it('is delivered once, signed over the moment and the bytes', async () => {
    await add('ops', hook());
    await alertNow();
    expect(await deliver()).toEqual({ delivered: 1, failed: 0, dead: 0 });
    expect(await deliver(later(99_999))).toEqual({ delivered: 0, failed: 0, dead: 0 });
    const [{ headers, body }] = receiver.got as [Receiver['got'][0]];
    const mac = createHmac('sha256', secret)
      .update(`${start.getTime() / 1_000}.${body}`)
      .digest('hex');
    expect(headers['x-mitate-signature']).toBe(`t=${start.getTime() / 1_000},v1=${mac}`);
    expect(headers['x-mitate-delivery']).toBe((await only()).id);
    expect(JSON.parse(body)).toMatchObject({ type: 'alert.opened', alert: { monitor: 'm' } });
    expect(await only()).toMatchObject({ state: 'delivered', attempts: 1, deliveredAt: start, nextAt: null });
  });

  it('is sent again later and later, always the same, until it is taken', async () => {
    await add('ops', hook());
    await alertNow();
    receiver.answer = (response) => void response.writeHead(500).end();
    expect(await deliver()).toEqual({ delivered: 0, failed: 1, dead: 0 });
    const first = (await only()).nextAt!.getTime() - start.getTime();
    expect(first).toBeGreaterThanOrEqual(24_000);
    expect(first).toBeLessThanOrEqual(36_000);
    expect(await deliver(later(20))).toEqual({ delivered: 0, failed: 0, dead: 0 });
    await deliver(later(40));
    expect((await only()).nextAt!.getTime()).toBeGreaterThanOrEqual(later(40 + 48).getTime());
    receiver.answer = (response) => void response.end();
    expect(await deliver(later(200))).toMatchObject({ delivered: 1 });
    expect(new Set(receiver.got.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.got.map(({ headers }) => headers['x-mitate-delivery'])).size).toBe(1);
    expect(new Set(receiver.got.map(({ headers }) => headers['x-mitate-signature'])).size).toBe(3);
  });

  it('waits as long as a busy receiver asks', async () => {
    await add('ops', hook());
    await alertNow();
    receiver.answer = (response) => void response.writeHead(429, { 'retry-after': '600' }).end();
    await deliver();
    expect((await only()).nextAt).toEqual(later(600));
  });

  it('is a dead letter after ten attempts, and is sent again when somebody says so', async () => {
    await add('ops', hook());
    await alertNow();
    receiver.answer = (response) => void response.writeHead(503).end();
    for (let i = 0; i < 12; i++) await deliver(later(i * 4_000));
    expect(receiver.got).toHaveLength(10);
    expect(await only()).toMatchObject({ state: 'dead', nextAt: null, lastError: expect.stringContaining('503') });
    receiver.answer = (response) => void response.end();
    await expect(
      retryDeadLetters(store, { channel: 'ops', id: 'x' }, { actor: tester, now: start }),
    ).rejects.toMatchObject({
      code: 'DELIVERY_UNKNOWN',
    });
    expect(await retryDeadLetters(store, { channel: 'ops' }, { actor: tester, now: later(50_000) })).toBe(1);
    expect(await deliver(later(50_000))).toMatchObject({ delivered: 1 });
    expect(await retryDeadLetters(store, { channel: 'ops' }, { actor: tester, now: later(50_000) })).toBe(0);
  });

  it.each([
    [
      'redirects',
      (port: number): Record<string, string> => ({ location: `http://127.0.0.1:${port}/secret` }),
      302,
      'redirects (302)',
    ],
    ['is gone', (): Record<string, string> => ({}), 410, 'answered 410'],
  ])('to a receiver that %s is a dead letter at once', async (_what, headers, status, reason) => {
    await add('ops', hook());
    await alertNow();
    receiver.answer = (response) => void response.writeHead(status, headers(receiver.port)).end();
    expect(await deliver()).toEqual({ delivered: 0, failed: 0, dead: 1 });
    expect(receiver.got.map(({ path }) => path)).toEqual(['/hook']);
    expect((await only()).lastError).toContain(reason);
  });

  it('to an address that is not public is a dead letter at once, and nothing is sent', async () => {
    await add('ops', hook());
    await alertNow();
    expect(await deliver(start, { allow: [] })).toEqual({ delivered: 0, failed: 0, dead: 1 });
    expect((await only()).lastError).toContain('is not a public address');
    expect(receiver.got).toEqual([]);
  });

  it('to a name that is pointed elsewhere between two attempts is not sent there', async () => {
    await add('ops', hook(`http://rebound.example:${receiver.port}/`));
    await alertNow();
    const answers = ['127.0.0.1', '169.254.169.254'];
    const resolve = async () => [{ address: answers.shift()!, family: 4 }];
    receiver.answer = (response) => void response.writeHead(500).end();
    expect(await deliver(start, { resolve })).toMatchObject({ failed: 1 });
    expect(await deliver(later(60), { resolve })).toMatchObject({ dead: 1 });
    expect(receiver.got).toHaveLength(1);
  });

  it('to a receiver that does not answer is given up in time, and the others are not kept waiting', async () => {
    await using slow = await Receiver.open();
    slow.answer = () => {};
    await add('ops', hook());
    await add('slow', hook(slow.url()));
    await alertNow();
    expect(await deliver(start, { timeoutMs: 200 })).toEqual({ delivered: 1, failed: 1, dead: 0 });
    const [waiting] = await store.alerts.listDeliveries({ state: 'waiting' });
    expect(waiting).toMatchObject({ channel: 'slow', lastError: expect.stringContaining('no answer within 0.2 s') });
  });

  it('to a name none of whose addresses answers is said to be refused, and not merely to have failed', async () => {
    const { port } = receiver;
    await receiver[Symbol.asyncDispose]();
    await add('ops', hook(`http://two.example:${port}/`));
    await alertNow();
    const resolve = async () => ['127.0.0.1', '127.0.0.9'].map((address) => ({ address, family: 4 }));
    expect(await deliver(start, { resolve, allow: ['127.0.0.0/8'] })).toMatchObject({ failed: 1 });
    expect((await only()).lastError).toContain('ECONNREFUSED');
    receiver = await Receiver.open();
  });

  it('waits for its secret, which is looked for in the environment alone', async () => {
    await add('ops', hook());
    await alertNow();
    expect(await deliver(start, { secrets: {} })).toMatchObject({ failed: 1 });
    expect((await only()).lastError).toContain(variable);
    expect(await deliver(later(60))).toMatchObject({ delivered: 1 });
  });

  it('is not signed with a secret that can be guessed', async () => {
    await add('ops', hook());
    await alertNow();
    expect(await deliver(start, { secrets: { [variable]: 'short' } })).toMatchObject({ failed: 1 });
    expect((await only()).lastError).toContain('shorter than 16 characters');
    expect(receiver.got).toEqual([]);
  });

  it('of a channel that is removed is a dead letter', async () => {
    await add('ops', hook());
    await alertNow();
    await unaudited(store).alerts.removeChannel('ops');
    expect(await only()).toMatchObject({ state: 'dead', lastError: 'the channel was removed' });
    expect(await deliver()).toEqual({ delivered: 0, failed: 0, dead: 0 });
  });
});

describe('senders', () => {
  it('that look at the same moment send a message once', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await add(name, hook(receiver.url(`/${name}`)));
    await alertNow();
    const counts = await Promise.all([deliver(), deliver(), deliver()]);
    expect(counts.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(4);
    expect(receiver.got.map(({ path }) => path).sort()).toEqual(['/a', '/b', '/c', '/d']);
  });

  it('tell of an end only after the beginning', async () => {
    await add('ops', hook());
    await alertNow();
    receiver.answer = (response) => void response.writeHead(500).end();
    await deliver();
    await resolveAlert(store, 'm', { actor: tester, why: 'over', now: later(5) });
    receiver.answer = (response) => void response.end();
    expect(await deliver(later(10))).toEqual({ delivered: 0, failed: 0, dead: 0 });
    expect(await deliver(later(60))).toMatchObject({ delivered: 2 });
    expect(receiver.got.map(({ body }) => JSON.parse(body).type)).toEqual([
      'alert.opened',
      'alert.opened',
      'alert.resolved',
    ]);
  });

  it('that are kept waiting by slow receivers hold what they take next as long, and leave the rest to the next tick', async () => {
    for (let i = 0; i < 30; i++) await add(`c${i}`, hook());
    await alertNow();
    const seconds = () => Math.floor(receiver.got.length / 10) * 20;
    const leases: number[] = [];
    receiver.answer = async (response) => {
      const waiting = await store.alerts.listDeliveries({ state: 'waiting' });
      leases.push(...waiting.filter(({ attempts }) => attempts === 1).map(({ nextAt }) => nextAt!.getTime()));
      response.end();
    };
    const clock = () => later(seconds());
    expect(await deliverDue(store, { clock, logger, channels: sending() })).toMatchObject({ delivered: 20 });
    expect(new Set(leases)).toEqual(new Set([later(120).getTime(), later(140).getTime()]));
  });

  it('that are asked to send dead letters again tell of no beginning after the end', async () => {
    await add('ops', hook());
    await alertNow();
    receiver.answer = (response) => void response.writeHead(410).end();
    expect(await deliver()).toMatchObject({ dead: 1 });
    const { id } = await only();
    receiver.answer = (response) => void response.end();
    await resolveAlert(store, 'm', { actor: tester, why: 'over', now: later(5) });
    expect(await deliver(later(10))).toMatchObject({ delivered: 1 });
    expect(await retryDeadLetters(store, { channel: 'ops' }, { actor: tester, now: later(20) })).toBe(0);
    expect(await retryDeadLetters(store, { channel: 'ops', id }, { actor: tester, now: later(20) })).toBe(1);
  });

  it('that are asked to send again what was for another channel of the same name send no empty mail', async () => {
    await using smtp = await SmtpServer.open();
    await add('ops', hook());
    await alertNow();
    await unaudited(store).alerts.removeChannel('ops');
    await add('ops', { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_SMTP', from: 'a@b.example', to: ['c@d.example'] });
    await retryDeadLetters(store, { channel: 'ops' }, { actor: tester, now: start });
    const secrets = { MITATE_CHANNEL_SMTP: `smtp://127.0.0.1:${smtp.port}` };
    expect(await deliver(start, { secrets })).toEqual({ delivered: 0, failed: 0, dead: 1 });
    expect((await only()).lastError).toContain('of the same name and another kind');
    expect(smtp.mails).toEqual([]);
  });

  it('that die in the middle lose nothing: it is sent again when their time is up, and their late word counts no more', async () => {
    await add('ops', hook());
    await alertNow();
    const [claimed] = await store.alerts.claimDeliveries({ now: start, leaseMs: 120_000, limit: 10 });
    expect(await deliver(later(119))).toEqual({ delivered: 0, failed: 0, dead: 0 });
    expect(await deliver(later(121))).toMatchObject({ delivered: 1 });
    await store.alerts.finishDelivery(claimed!, { state: 'dead', error: 'late' });
    expect(await only()).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('send nothing of another project', async () => {
    await add('ops', hook());
    await alertNow();
    await unaudited(all).access.createProject({ name: `other-${projects}`, description: '' });
    const other = all.forProject(`other-${projects}`);
    expect(await deliverDue(other, { clock: () => start, logger, channels: sending() })).toMatchObject({
      delivered: 0,
    });
    expect(receiver.got).toEqual([]);
  });
});

describe('other channels', () => {
  it('Slack gets text at a URL that is a secret, and is named by its host alone', async () => {
    const slackSecret = 'T00/B00/a-secret-path';
    const secrets = { MITATE_CHANNEL_SLACK_URL: receiver.url(`/services/${slackSecret}`) };
    await add('slack', { kind: 'slack', urlEnv: 'MITATE_CHANNEL_SLACK_URL' });
    await alertNow();
    receiver.answer = (response) => void response.writeHead(500).end();
    await deliver(start, { secrets });
    expect((await only()).lastError).toContain(`127.0.0.1:${receiver.port}: it answered 500`);
    receiver.answer = (response) => void response.end('ok');
    expect(await deliver(later(60), { secrets })).toMatchObject({ delivered: 1 });
    expect(receiver.got.at(-1)!.path).toBe(`/services/${slackSecret}`);
    expect(JSON.parse(receiver.got.at(-1)!.body).text).toContain('share of unwell 0.628 -&gt; 0.941');
    expect(JSON.stringify([logged, await store.alerts.listDeliveries()])).not.toContain(slackSecret);
  });

  it('Pub/Sub gets the message with its bearer token', async () => {
    await add('pubsub', {
      kind: 'pubsub',
      url: receiver.url('/v1/projects/p/topics/t:publish'),
      shape: 'publish',
      secretEnv: variable,
    });
    await alertNow();
    await deliver();
    expect(receiver.got).toMatchObject([
      { path: '/v1/projects/p/topics/t:publish', headers: { authorization: `Bearer ${secret}` } },
    ]);
    const [{ data }] = JSON.parse(receiver.got[0]!.body).messages;
    expect(JSON.parse(Buffer.from(data, 'base64').toString())).toEqual({
      alert: 'モデル監視アラート',
      details: 'モデル: leaf 監視: m share of unwell 0.628 -> 0.941',
    });
  });

  it('mail goes to everybody, from an account, and is sent again when it is refused', async () => {
    await using smtp = await SmtpServer.open();
    const password = 'p%40ss-of-the-account';
    const secrets = { MITATE_CHANNEL_SMTP: `smtp://mitate:${password}@127.0.0.1:${smtp.port}` };
    const to = ['ann@farm.example', 'ben@farm.example'];
    await add('mail', { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_SMTP', from: 'mitate@farm.example', to });
    await alertNow();
    smtp.refusal = '451 p@ss-of-the-account is tired';
    expect(await deliver(start, { secrets })).toMatchObject({ failed: 1 });
    expect((await only()).lastError).toContain('451 (secret) is tired');
    smtp.refusal = null;
    expect(await deliver(later(60), { secrets })).toMatchObject({ delivered: 1 });
    expect(smtp.logins.at(-1)).toEqual({ login: 'mitate:p@ss-of-the-account', isSecure: false });
    expect(smtp.mails).toMatchObject([{ from: 'mitate@farm.example', to }]);
    expect(smtp.mails[0]!.data).toContain('Subject: [mitate] Alert opened: m on leaf (warning)');
    expect(smtp.mails[0]!.data).toContain(`Message-ID: <${(await only()).id}@mitate>`);
    expect(JSON.stringify([logged, await store.alerts.listDeliveries()])).not.toContain('ss-of-the-account');
  });

  it('mail that a server takes for some only is not sent again, and it is said whom it did not reach', async () => {
    await using smtp = await SmtpServer.open();
    smtp.refusedRecipients.set('ben@farm.example', '550 no such user');
    const secrets = { MITATE_CHANNEL_SMTP: `smtp://127.0.0.1:${smtp.port}` };
    const to = ['ann@farm.example', 'ben@farm.example'];
    await add('mail', { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_SMTP', from: 'mitate@farm.example', to });
    await alertNow();
    expect(await deliver(start, { secrets })).toMatchObject({ delivered: 1 });
    expect(smtp.mails).toMatchObject([{ to: ['ann@farm.example'] }]);
    expect(await only()).toMatchObject({ state: 'delivered', lastError: expect.stringContaining('no such user') });
    expect(logged.join()).toContain('not delivered to all recipients');
    const trying = testChannel(store, 'mail', { actor: tester, now: start, channels: sending({ secrets }) });
    await expect(trying).rejects.toThrow('no such user');
  });

  it('mail to a server that says nothing is given up in time', async () => {
    const mute = createServer(() => {});
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
    const { port } = mute.address() as AddressInfo;
    await add('mail', { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_SMTP', from: 'a@b.example', to: ['c@d.example'] });
    await alertNow();
    const secrets = { MITATE_CHANNEL_SMTP: `smtp://127.0.0.1:${port}` };
    expect(await deliver(start, { secrets, timeoutMs: 200 })).toMatchObject({ failed: 1 });
    expect((await only()).lastError).toContain('not accepted within 0.2 s');
    mute.close();
  });

  it('mail goes to no server of the inside that is not allowed', async () => {
    await using smtp = await SmtpServer.open();
    const secrets = { MITATE_CHANNEL_SMTP: `smtp://127.0.0.1:${smtp.port}` };
    await add('mail', { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_SMTP', from: 'a@b.example', to: ['c@d.example'] });
    await alertNow();
    expect(await deliver(start, { secrets, allow: [] })).toMatchObject({ dead: 1 });
    expect(smtp.mails).toEqual([]);
  });

  it('a test is sent at once, and says what went wrong', async () => {
    await add('ops', hook());
    await testChannel(store, 'ops', { actor: tester, now: start, channels: sending() });
    expect(JSON.parse(receiver.got[0]!.body).type).toBe('test');
    receiver.answer = (response) => void response.writeHead(404).end();
    const failing = testChannel(store, 'ops', { actor: tester, now: start, channels: sending() });
    await expect(failing).rejects.toMatchObject({
      code: 'CHANNEL_SEND_FAILED',
      message: expect.stringContaining('404'),
    });
    const refused = testChannel(store, 'ops', { actor: tester, now: start, channels: sending({ allow: [] }) });
    await expect(refused).rejects.toMatchObject({ code: 'CHANNEL_ADDRESS_REFUSED' });
    const unset = testChannel(store, 'ops', { actor: tester, now: start, channels: sending({ secrets: {} }) });
    await expect(unset).rejects.toMatchObject({ code: 'CHANNEL_SECRET_MISSING' });
    await expect(testChannel(store, 'none', { actor: tester, now: start, channels: sending() })).rejects.toMatchObject({
      code: 'CHANNEL_UNKNOWN',
    });
  });

  it.each([
    ['no URL', 'hello'],
    ['a URL of another kind', 'https://example.com/'],
    ['a "%" that stands for nothing', 'smtps://ann:100%sure@mail.example.com'],
    ['a password that ends the host', 'smtps://ann:a/b@mail.example.com'],
  ])('a variable that holds %s is said, without what it holds', async (_what, value) => {
    await add('mail', { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_SMTP', from: 'a@b.example', to: ['c@d.example'] });
    const trying = testChannel(store, 'mail', {
      actor: tester,
      now: start,
      channels: sending({ secrets: { MITATE_CHANNEL_SMTP: value } }),
    });
    await expect(trying).rejects.toMatchObject({
      code: 'CHANNEL_INVALID',
      message: expect.not.stringContaining(value),
    });
  });

  it('a JSON key that is no key is said', async () => {
    await add('pubsub', { kind: 'pubsub', url: receiver.url(), secretEnv: variable });
    const channels = sending({ secrets: { [variable]: '{"type":"service_account"}' } });
    await expect(testChannel(store, 'pubsub', { actor: tester, now: start, channels })).rejects.toMatchObject({
      code: 'CHANNEL_INVALID',
    });
  });

  it('a second channel of the same name, or with a bad one, is refused', async () => {
    await add('ops', hook());
    await expect(add('ops', hook())).rejects.toMatchObject({ code: 'CHANNEL_EXISTS' });
    await expect(add('Ops!', hook())).rejects.toMatchObject({ code: 'CHANNEL_INVALID' });
    // one problem was reported at a time
    const reason = await add('Ops!', { kind: 'webhook' }).catch(({ message }) => message);
    expect(reason).toMatch(/its name: .*; it needs "url" \(--url\); it needs "secretEnv" \(--secret-env\)/);
    await expect(unaudited(store).alerts.removeChannel('none')).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN' });
  });
});
