import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Hears the messages of a channel, as a chat room or a pager would, while the demo is made. */
export async function openReceiver(): Promise<{ url: string; heard: () => number } & AsyncDisposable> {
  let heard = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      heard++;
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/alerts`,
    heard: () => heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
