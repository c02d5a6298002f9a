import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { selfSigned } from '../../tests/support/certificate.ts';
import { fetchPinned } from './fetch-pinned.ts';

it('the first certificate alone is the pin, not what may have signed it', async () => {
  const [own, authority] = [selfSigned(['127.0.0.1']), selfSigned(['127.0.0.1'])];
  const ask = async (pair: typeof own) => {
    const server = createServer(pair, (_request, response) => void response.end('ok'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const answer = fetchPinned(own.cert + authority.cert)(`https://127.0.0.1:${port}`);
    return await answer.then(({ status }) => status).finally(() => server.close());
  };
  expect(await ask(own)).toBe(200);
  await expect(ask(authority)).rejects.toThrow('fetch failed');
});
