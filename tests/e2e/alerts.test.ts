import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { found } from '../support/found.ts';
import { Receiver } from '../support/receiver.ts';
import { Sandbox } from './cli.ts';

const secret = '0123456789abcdef0123';
const env = { MITATE_CHANNEL_OPS_SECRET: secret, MITATE_CHANNEL_ALLOW: '127.0.0.1' };
const sandbox = new Sandbox();
let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.open();
  await using store = await openStore({ workspace: sandbox.at('.mitate') });
  await found(store, { monitor: 'labels', day: 1, said: 'share of unwell 0.628 -> 0.941' });
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

const mitate = (...args: string[]) => sandbox.start(args, { env }).ended;

it('an alert on the command line: told, shown, looked after', async () => {
  const url = receiver.url('/hook');
  const create = ['channel', 'create', 'ops', '--kind', 'webhook', '--url', url];
  expect((await mitate(...create, '--secret-env', 'MITATE_CHANNEL_OPS_SECRET')).code).toBe(0);
  expect((await mitate('tick')).code).toBe(0);
  expect(receiver.got.map(({ body }) => JSON.parse(body).type)).toEqual(['alert.opened']);

  const shown = await mitate('alert', 'show', 'labels');
  expect(shown.stdout).toContain('share of unwell 0.628 -> 0.941, since 2026-03-01');
  expect(shown.stdout).toMatch(/ops +opened +delivered/);
  expect(shown.stdout + shown.stderr).not.toContain(secret);
  expect((await mitate('alert', 'ack', 'labels', '--why', 'I look')).stdout).toContain('is acknowledged');
});
