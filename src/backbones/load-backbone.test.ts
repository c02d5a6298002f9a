import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../codecs/digest.ts';
import type { BackboneChoice } from '../contracts/backbone.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { loadBackbone } from './load-backbone.ts';

/** A small network, float32 NCHW, as an exporter would write it: 8 filters, ReLU. */
function ownNetwork(): Uint8Array {
  const graph = new GraphBuilder('net');
  const x = graph.input('x', 'float32', ['N', 3, 16, 16]);
  const kernel = graph.constant(
    Float32Array.from({ length: 8 * 27 }, (_, i) => Math.sin(i)),
    [8, 3, 3, 3],
  );
  // Ballast, so that the file comes in several pieces.
  const ballast = graph.constant(new Float32Array(100_000), [100_000]);
  const bias = graph.op('Slice', [ballast, graph.int64([0]), graph.int64([8])]);
  graph.output('map', graph.op('Relu', [graph.op('Conv', [x, kernel, bias], { strides: [2, 2] })]), 'float32', [
    'N',
    8,
    7,
    7,
  ]);
  return graph.toBytes();
}
const bytes = ownNetwork();
const digest = sha256(bytes);

let folder: string;
let server: Server;
let origin: string;
/** What the server does; each request's Range header. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let ranges: (string | undefined)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mitate-backbone-'));
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** Serves `content` with ranges; the first `breaks` answers end in the middle. */
function serving(content: Uint8Array, breaks = 0, options: { ranges?: boolean } = {}): typeof answer {
  return (request, response) => {
    const start = options.ranges === false ? 0 : Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(start > 0 && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    if (ranges.length > breaks) response.end(rest);
    else response.write(rest.subarray(0, Math.floor(rest.length / 2)), () => setTimeout(() => response.destroy(), 50));
  };
}
const load = (more: object = {}, signal?: AbortSignal) =>
  loadBackbone({ url: `${origin}/net.onnx`, sha256: digest, ...more }, { cacheDir: folder, ...(signal && { signal }) });
const codeOf = (code: string) => expect.objectContaining({ code });

describe('a backbone by URL', () => {
  it('goes on where the connection broke, and asks no more once it is kept', async () => {
    answer = serving(bytes, 2);
    const steps: number[] = [];
    const choice = { url: `${origin}/net.onnx`, sha256: digest };
    const backbone = await loadBackbone(choice, { cacheDir: folder, progress: (done) => steps.push(done) });
    expect(backbone).toMatchObject({
      embeddingSize: 16,
      taps: [{ name: 'own/map', channels: 8, height: 7, width: 7 }],
    });
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBeUndefined();
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(steps.at(-1)).toBe(bytes.length);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect((await load()).digest).toBe(backbone.digest);
    expect(ranges).toHaveLength(3);
    expect(await readdir(folder)).toEqual([`${digest}.onnx`]);
  });

  it('goes on in a later run with what an earlier one left', async () => {
    await writeFile(join(folder, `${digest}.part`), bytes.subarray(0, 1000));
    answer = serving(bytes);
    await load();
    expect(ranges).toEqual(['bytes=1000-']);
  });

  it('starts over when what was left is of another version, or the server takes no ranges', async () => {
    await writeFile(join(folder, `${digest}.part`), new Uint8Array(1000));
    answer = serving(bytes);
    await load();
    expect(ranges).toEqual(['bytes=1000-', undefined]);
    await rm(join(folder, `${digest}.onnx`));
    await writeFile(join(folder, `${digest}.part`), new Uint8Array(1000));
    answer = serving(bytes, 0, { ranges: false });
    await load();
    expect((await readFile(join(folder, `${digest}.onnx`))).equals(bytes)).toBe(true);
  });

  it('starts over when what was left is longer than the file', async () => {
    await writeFile(join(folder, `${digest}.part`), new Uint8Array(bytes.length + 1));
    answer = (request, response) =>
      request.headers.range ? response.writeHead(416).end() : serving(bytes, 0)(request, response);
    await load();
    expect(ranges).toHaveLength(2);
  });

  it('refuses other bytes than the sha256 says, and keeps none of them', async () => {
    answer = serving(bytes.with(100, bytes[100]! ^ 1));
    await expect(load()).rejects.toThrow(codeOf('BACKBONE_DIGEST_MISMATCH'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives up on a server that brings nothing, and says how far it came', async () => {
    answer = (_, response) => response.writeHead(503).end();
    await expect(load()).rejects.toMatchObject({
      code: 'BACKBONE_DOWNLOAD_FAILED',
      details: { received: 0 },
      message: /503/,
    });
    expect(ranges).toHaveLength(3);
    answer = (_, response) => response.writeHead(404).end();
    await expect(load()).rejects.toMatchObject({ code: 'BACKBONE_DOWNLOAD_FAILED', message: /404/ });
    expect(ranges).toHaveLength(4);
  });

  it('stops at the size limit, stated or not', async () => {
    answer = serving(bytes);
    await expect(load({ maxBytes: 1000 })).rejects.toThrow(codeOf('BACKBONE_TOO_LARGE'));
    answer = (_, response) => {
      response.write(bytes.subarray(0, 50_000));
      response.end(bytes.subarray(50_000));
    };
    await expect(load({ maxBytes: 60_000 })).rejects.toThrow(codeOf('BACKBONE_TOO_LARGE'));
  });

  it('follows redirects to URLs that it takes itself, and no others', async () => {
    answer = (request, response) =>
      request.url === '/net.onnx'
        ? response.writeHead(302, { location: '/other' }).end()
        : serving(bytes)(request, response);
    expect((await load()).embeddingSize).toBe(16);
    await rm(join(folder, `${digest}.onnx`));
    answer = (_, response) => response.writeHead(302, { location: 'http://192.0.2.1/net.onnx' }).end();
    await expect(load()).rejects.toThrow(codeOf('BACKBONE_URL_REFUSED'));
    answer = (_, response) => response.writeHead(302, { location: '/net.onnx' }).end();
    await expect(load()).rejects.toThrow(codeOf('BACKBONE_URL_REFUSED'));
  });

  it.each([
    'http://example.com/net.onnx',
    'ftp://example.com/net.onnx',
    'file:///etc/passwd',
    'https://user:secret@example.com/n',
  ])('refuses %s', async (url) => {
    const error = await loadBackbone({ url, sha256: digest }, { cacheDir: folder }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'BACKBONE_URL_REFUSED' });
    expect(error.message).not.toContain('secret');
  });

  it('can be cancelled', async () => {
    const control = new AbortController();
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 1000), () => control.abort());
    };
    await expect(load({}, control.signal)).rejects.toThrow(codeOf('CANCELLED'));
  });
});

describe('a backbone by path or name', () => {
  const write = async (content: Uint8Array): Promise<BackboneChoice & object> => {
    const path = join(folder, 'own.onnx');
    await writeFile(path, content);
    return { path, sha256: sha256(content) };
  };

  it('has its sha256 checked before it is read', async () => {
    const choice = await write(bytes);
    expect((await loadBackbone(choice)).embeddingSize).toBe(16);
    await expect(loadBackbone({ ...choice, sha256: '0'.repeat(64) })).rejects.toThrow(
      codeOf('BACKBONE_DIGEST_MISMATCH'),
    );
    await expect(loadBackbone({ ...choice, maxBytes: 10 })).rejects.toThrow(codeOf('BACKBONE_TOO_LARGE'));
    await expect(loadBackbone(await write(new Uint8Array(10)))).rejects.toThrow(codeOf('MODEL_MALFORMED'));
    await expect(loadBackbone({ path: join(folder, 'none.onnx'), sha256: digest })).rejects.toThrow(
      codeOf('FILE_UNREADABLE'),
    );
    await expect(loadBackbone({ ...choice, sha256: 'ABC' })).rejects.toThrow(codeOf('BACKBONE_MISFIT'));
  });

  it('names the backbones that there are', async () => {
    await expect(loadBackbone('resnet')).rejects.toThrow('mobilenet-v2, inception-v3');
  });
});
