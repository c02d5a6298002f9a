import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Receiver } from '../../tests/support/receiver.ts';
import { post } from './post.ts';
import { NotPublic } from './public-address.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.open();
});
afterAll(() => receiver[Symbol.asyncDispose]());
beforeEach(() => {
  receiver.got.length = 0;
  receiver.answer = (response) => void response.end('ok');
});

const loopback = { allow: ['127.0.0.1'] };
const send = (url: string, reach: Parameters<typeof post>[1]['reach'] = loopback, timeoutMs = 2_000) =>
  post(new URL(url), { headers: { 'x-test': '1' }, body: '{"葉":1}', reach, timeoutMs });

describe('a message', () => {
  it('arrives as it was given', async () => {
    expect(await send(receiver.url('/hook?a=1'))).toEqual({ status: 200, retryAfterMs: null });
    expect(receiver.got).toMatchObject([{ path: '/hook?a=1', headers: { 'x-test': '1' }, body: '{"葉":1}' }]);
  });

  it('says how long a busy receiver asks to wait', async () => {
    receiver.answer = (response) => void response.writeHead(503, { 'retry-after': '120' }).end();
    expect(await send(receiver.url())).toEqual({ status: 503, retryAfterMs: 120_000 });
  });

  it('follows no redirect', async () => {
    receiver.answer = (response) => void response.writeHead(302, { location: receiver.url('/secret') }).end();
    expect(await send(receiver.url('/hook'))).toMatchObject({ status: 302 });
    expect(receiver.got.map(({ path }) => path)).toEqual(['/hook']);
  });

  it('goes to no address of this machine unless it is allowed', async () => {
    await expect(send(receiver.url(), { allow: [] })).rejects.toThrow(NotPublic);
    const localhost = receiver.url().replace('127.0.0.1', 'localhost');
    await expect(send(localhost, { allow: [] })).rejects.toThrow(NotPublic);
    expect(receiver.got).toEqual([]);
  });

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '127%2E0%2E0%2E1',
    '１２７。０。０。１',
    'me@127.0.0.1',
    'example.com:80@127.0.0.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '0.0.0.0',
    '0',
    '[::]',
  ])('does not reach this machine as %s, however it is written', async (host) => {
    const reach = { allow: ['93.184.215.14'] };
    await expect(send(`http://${host}:${receiver.port}/`, reach)).rejects.toThrow('is not a public address');
    expect(receiver.got).toEqual([]);
  });

  it('goes without TLS only where the allow-list leads', async () => {
    const resolve = async () => [{ address: '93.184.215.14', family: 4 }];
    await expect(send('http://hooks.example.com/', { allow: [], resolve })).rejects.toThrow('http:// is not https://');
  });

  it('goes to the address that was vetted, whatever DNS says a moment later', async () => {
    const answers = ['127.0.0.1', '169.254.169.254'];
    const resolve = async () => [{ address: answers.shift()!, family: 4 }];
    const url = `http://rebound.example.com:${receiver.port}/`;
    expect(await send(url, { allow: ['127.0.0.1'], resolve })).toMatchObject({ status: 200 });
    expect(receiver.got[0]!.headers.host).toBe(`rebound.example.com:${receiver.port}`);
    await expect(send(url, { allow: ['127.0.0.1'], resolve })).rejects.toThrow(NotPublic);
    expect(receiver.got).toHaveLength(1);
  });

  it('is given up when the receiver does not answer in time', async () => {
    receiver.answer = () => {};
    await expect(send(receiver.url(), loopback, 150)).rejects.toThrow('no answer within 0.15 s');
  });

  it('is given up when DNS does not answer in time', async () => {
    const resolve = () => new Promise<never>(() => {});
    await expect(send('https://slow.example.com/', { allow: [], resolve }, 100)).rejects.toThrow('no answer within');
  });

  it('is delivered when the status came, though the answer drips on for ever', async () => {
    receiver.answer = (response) => void response.writeHead(200).write('x');
    expect(await send(receiver.url(), loopback, 300)).toMatchObject({ status: 200 });
  });

  it('reads no more than a little of a long answer', async () => {
    receiver.answer = (response) => void response.end(Buffer.alloc(5_000_000));
    expect(await send(receiver.url())).toMatchObject({ status: 200 });
  });
});
