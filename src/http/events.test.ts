import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServedApp } from '../../tests/support/served-app.ts';
import { tester } from '../../tests/support/tester.ts';
import { createProject } from '../actions/access/project.ts';
import { createUser } from '../actions/access/user.ts';

let served: ServedApp;

beforeAll(async () => {
  served = await ServedApp.open([]);
  await createProject(served.served.store, { name: 'other', description: '' }, tester);
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
});

/** What a stream says, until it has ended. */
async function listen(key: string, query = '') {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${served.url}/api/v1/events${query}`, { headers });
  const said: string[] = [];
  const read = async () => {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) said.push(part);
  };
  return { status: response.status, said, ended: read() };
}

const addUser = (name: string) => createUser(served.served.store, { name, password: 'correct horse battery' }, tester);

it('tells who listens what changed in their project, of what they may read, and ends when the server does', async () => {
  const [ours, viewers, theirs] = await Promise.all([
    listen(await served.makeKey('admin'), '?topics=access'),
    listen(await served.makeKey('operate')),
    listen(await served.makeKey('admin', null, 'other')),
  ]);
  for (const { said } of [ours, viewers, theirs]) await expect.poll(() => said.join('')).toContain('event: ready');
  expect(viewers.said.join('')).not.toContain('access');
  // a look takes place each second: changes before the first are not told
  let users = 0;
  await expect
    .poll(
      async () => {
        await addUser(`user-${users++}`);
        return ours.said.join('');
      },
      { timeout: 20_000, interval: 500 },
    )
    .toContain('data: {"topic":"access"}');
  for (const { said } of [viewers, theirs]) expect(said.join('')).not.toContain('"topic"');
  await served.app.close();
  await Promise.all([ours, viewers, theirs].map(({ ended }) => ended));
});

it('is for keys that may read, and names topics that there are', async () => {
  await served[Symbol.asyncDispose]();
  served = await ServedApp.open([]);
  expect((await listen(await served.makeKey('predict'))).status).toBe(403);
  const { status } = await served
    .ask('GET', '/api/v1/events?topics=nothing', {
      headers: { 'x-api-key': await served.makeKey('admin') },
    })
    .then(({ statusCode }) => ({ status: statusCode }));
  expect(status).toBe(400);
});

it('has at most twenty streams of one key, and others none the less', async () => {
  const [key, other] = [await served.makeKey('operate'), await served.makeKey('operate')];
  const open = await Promise.all(Array.from({ length: 20 }, () => listen(key)));
  expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]));
  const answer = await served.ask('GET', '/api/v1/events', { headers: { 'x-api-key': key } });
  expect([answer.statusCode, answer.json().error.code]).toEqual([429, 'EVENTS_TOO_MANY_STREAMS']);
  expect((await listen(other)).status).toBe(200);
});

it('ends a stream that was asked for while the server stopped (it went on for ten minutes, and the server with it)', async () => {
  for (const delay of [1, 3, 6]) {
    await using stopping = await ServedApp.open([]);
    const headers = { 'x-api-key': await stopping.makeKey('operate') };
    const read = async () => (await fetch(`${stopping.url}/api/v1/events`, { headers })).text();
    // answered, or refused since the server stops: either way it ends
    const asked = Promise.allSettled([read(), read(), read(), read()]);
    await wait(delay);
    await stopping.app.close();
    expect(await asked).toHaveLength(4);
  }
});
