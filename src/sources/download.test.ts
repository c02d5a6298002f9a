import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { refusalOf } from '../network/public-address.ts';
import { openSource, type SourceItem } from './open-source.ts';

/** A server on this machine; `using` stops it. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, [Symbol.dispose]: () => void server.close().closeAllConnections() };
}

async function item(
  scratch: ScratchFolder,
  url: string,
  permitted: string[] = [],
  maxBytes = 1e9,
): Promise<SourceItem> {
  const path = scratch.write('m.csv', `url,label\n${url},x\n`);
  const limits = { maxBytes, maxEntries: 10 };
  const options = { allowUrls: true, limits, cacheDir: scratch.at('cache'), permittedHosts: new Set(permitted) };
  for await (const found of openSource(path, options)) return found;
  throw new Error('no item');
}

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '192.0.0.192',
    '198.18.0.1',
    '168.63.129.16',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    'not an address',
  ])('rejects %s', (address) => {
    expect(refusalOf(address)).toEqual(expect.any(String));
  });

  it.each(['93.184.215.14', '8.8.8.8', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('allows %s', (address) => {
    expect(refusalOf(address)).toBeNull();
  });
});

describe('downloads', () => {
  it('fetch a photo once and keep it', async () => {
    using scratch = new ScratchFolder();
    let asked = 0;
    using server = await serve((_, response) => void response.end(`photo ${++asked}`));
    for (let i = 0; i < 2; i++) {
      const found = await item(scratch, `${server.url}/a.jpg`, [server.host]);
      expect(Buffer.from(await found.read()).toString()).toBe('photo 1');
    }
    expect(asked).toBe(1);
  });

  it.each([
    ['a loopback address', (port: string) => `http://127.0.0.1:${port}/a.jpg`],
    ['a name that resolves to one', (port: string) => `http://localhost:${port}/a.jpg`],
    ['another way to write it', (port: string) => `http://0x7f.1:${port}/a.jpg`],
    ['IPv6 that maps it', (port: string) => `http://[::ffff:127.0.0.1]:${port}/a.jpg`],
    ['the metadata service', () => 'http://169.254.169.254/latest/meta-data/'],
  ])('never connect to %s', async (_, url) => {
    using scratch = new ScratchFolder();
    let asked = 0;
    using server = await serve((_, response) => void response.end(`${++asked}`));
    const found = await item(scratch, url(server.host.split(':')[1]!));
    await expect(found.read()).rejects.toMatchObject({ code: 'URL_NOT_PUBLIC' });
    expect(asked).toBe(0);
  });

  it('check the target of a redirect', async () => {
    using scratch = new ScratchFolder();
    using inner = await serve((_, response) => void response.end('secret'));
    using outer = await serve((_, response) => void response.writeHead(302, { location: `${inner.url}/x` }).end());
    const found = await item(scratch, `${outer.url}/a.jpg`, [outer.host]);
    await expect(found.read()).rejects.toMatchObject({ code: 'URL_NOT_PUBLIC' });
    const allowed = await item(scratch, `${outer.url}/a.jpg`, [outer.host, inner.host]);
    expect(Buffer.from(await allowed.read()).toString()).toBe('secret');
  });

  it('reject a redirect to a file, and redirect loops', async () => {
    using scratch = new ScratchFolder();
    using file = await serve((_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end());
    const one = await item(scratch, `${file.url}/a.jpg`, [file.host]);
    await expect(one.read()).rejects.toMatchObject({ code: 'URL_NOT_PUBLIC' });
    using circle = await serve((_, response) => void response.writeHead(302, { location: '/again' }).end());
    const two = await item(scratch, `${circle.url}/a.jpg`, [circle.host]);
    await expect(two.read()).rejects.toMatchObject({
      code: 'URL_FAILED',
      message: expect.stringContaining('redirects'),
    });
  });

  it('stop at the limit of bytes', async () => {
    using scratch = new ScratchFolder();
    using server = await serve((_, response) => void response.end(Buffer.alloc(100_000)));
    const found = await item(scratch, `${server.url}/a.jpg`, [server.host], 50_000);
    await expect(found.read()).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
  });

  it("report the server's status, without the query of the URL", async () => {
    using scratch = new ScratchFolder();
    using server = await serve((_, response) => void response.writeHead(404).end());
    const found = await item(scratch, `${server.url}/a.jpg?signature=s3cret`, [server.host]);
    await expect(found.read()).rejects.toMatchObject({
      code: 'URL_FAILED',
      message: expect.stringMatching(/^((?!s3cret).)*answered 404\.$/),
    });
  });
});
