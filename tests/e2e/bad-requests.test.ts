import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { errorBodySchema } from '../../src/contracts/served-prediction.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { pixelBomb } from '../support/pixel-bomb.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { trainedModels } from '../support/trained-models.ts';
import { unaudited } from '../support/unaudited.ts';

vi.setConfig({ hookTimeout: 240_000 });

/** What a server gets by mistake or malice. After each, the inference processes are the same, and the next photo is answered. */
const folder = new ScratchFolder();
let api: ServedApp;
let photo: Uint8Array;
let pids: number[];

beforeAll(async () => {
  api = await ServedApp.open(await trainedModels(folder.path, 1), { processes: 2 });
  photo = (await drawnPhotos(1, { size: 160 }))[0]!.bytes;
  pids = api.served.pool.pids;
});
afterAll(async () => {
  expect(api.served.pool.pids).toEqual(pids);
  expect(await asked(photo)).toEqual({ status: 200, code: null });
  await api?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const path = '/api/v1/endpoints/leaf:predict';
const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

interface Asked {
  status: number;
  /** Of the one error shape; null = answered. */
  code: string | null;
}

async function outcome(response: Response): Promise<Asked> {
  const text = await response.text();
  if (response.status === 200) return { status: 200, code: null };
  const { error } = errorBodySchema.strict().parse(JSON.parse(text));
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect([error.message.length > 5, error.remedy.length > 10, error.requestId.length > 3]).toEqual([true, true, true]);
  return { status: response.status, code: error.code };
}

/** Over a real connection; an answer must come within ten seconds. */
async function asked(body: Uint8Array | string, headers = {}, url = path): Promise<Asked> {
  const init = {
    method: 'POST',
    headers: { 'x-api-key': api.key, 'content-type': 'image/jpeg', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
    signal: AbortSignal.timeout(10_000),
  };
  return outcome(await fetch(new URL(url, api.url), init));
}

/** Bytes as they are; the status of the answer, or null when the connection ended without one. */
async function sent(text: string | Buffer, more?: (socket: Socket) => Promise<void>) {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1').setMaxListeners(0);
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()).on('error', () => resolve()));
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(text);
  await more?.(socket);
  await Promise.race([closed, sleep(10_000)]);
  socket.destroy();
  const answer = Buffer.concat(chunks).toString();
  const [head, body = ''] = answer.split('\r\n\r\n', 2);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head!)?.[1] ?? Number.NaN);
  return { status, code: body.startsWith('{') ? (JSON.parse(body).error?.code as string) : null };
}

const isClientError = ({ status, code }: Asked) => status >= 400 && status < 500 && code !== null;

describe('photos', () => {
  const jpegThen = (tail: string) => Buffer.concat([photo, Buffer.from(tail, 'latin1')]);
  const cases: [string, () => Uint8Array | Promise<Uint8Array>, number, string][] = [
    ['of no bytes', () => Buffer.alloc(0), 400, 'REQUEST_WITHOUT_IMAGE'],
    ['of one byte', () => Buffer.from([0xff]), 415, 'IMAGE_FORMAT_UNKNOWN'],
    ['that are text', () => Buffer.from('just text'), 415, 'IMAGE_FORMAT_UNKNOWN'],
    ['that are a web page', () => Buffer.from('<!doctype html><html></html>'), 415, 'IMAGE_HTML'],
    ['that are a script in SVG', () => Buffer.from('<svg onload="alert(1)"/>'), 415, 'IMAGE_SVG'],
    ['that are GIF', () => sharp(photo).gif().toBuffer(), 415, 'IMAGE_GIF'],
    ['that are TIFF', () => sharp(photo).tiff().toBuffer(), 415, 'IMAGE_TIFF'],
    ['cut in the middle', () => photo.subarray(0, photo.length >> 1), 422, 'IMAGE_TRUNCATED'],
    ['cut to the head', () => photo.subarray(0, 20), 422, 'IMAGE_TRUNCATED'],
    ['overwritten in the middle', () => Buffer.from(photo).fill(0xff, 300, photo.length - 300), 422, 'IMAGE_TRUNCATED'],
    ['that are a pixel bomb', pixelBomb, 413, 'IMAGE_TOO_LARGE'],
    ['that are PDF and JPEG in one', () => Buffer.concat([Buffer.from('%PDF-1.7\n'), photo]), 415, 'IMAGE_PDF'],
    ['that are GIF and script in one', () => Buffer.from('GIF89a/*\0\0*/=1;alert(1)'), 415, 'IMAGE_GIF'],
    ['that are a ZIP', () => Buffer.from('PK\x03\x04leaf.jpg'), 415, 'IMAGE_FORMAT_UNKNOWN'],
  ];
  it.each(cases)('%s', async (_what, bytes, status, code) => {
    expect(await asked(await bytes())).toEqual({ status, code });
  });

  it('that are JPEG with another file behind it are answered as the JPEG alone', async () => {
    const probability = async (image: Uint8Array) => {
      const { statusCode, body } = await api.ask('POST', path, {
        payload: Buffer.from(image),
        headers: { 'content-type': 'image/jpeg' },
      });
      return [statusCode, JSON.parse(body).predictions?.[0].probability];
    };
    const plain = await probability(photo);
    for (const tail of ['PK\x05\x06', '<script>alert(1)</script>', '%PDF-1.7', '<?php system("id"); ?>'])
      expect(await probability(jpegThen(tail))).toEqual(plain);
  });

  it('of 12 megapixels, progressive, forty at once: each is answered, told when to come again, or given up in time', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * 7919) % 256));
    const large = await sharp(noise, { raw: { width: 64, height: 48, channels: 3 } })
      .resize(4000, 3000)
      .jpeg({ progressive: true, quality: 60 })
      .toBuffer();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const response = await fetch(new URL(path, api.url), {
          method: 'POST',
          headers: { 'x-api-key': api.key, 'content-type': 'image/jpeg' },
          body: new Uint8Array(large),
          signal: AbortSignal.timeout(60_000),
        });
        const retryAfter = response.headers.get('retry-after');
        return { ...(await outcome(response)), retryAfter };
      }),
    );
    expect(outcomes.some(({ status }) => status === 200)).toBe(true);
    const refused = outcomes.filter(({ status }) => status !== 200);
    for (const { status, code, retryAfter } of refused) {
      expect(['503 QUEUE_FULL', '504 INFERENCE_DEADLINE_EXCEEDED', '504 REQUEST_DEADLINE_EXCEEDED']).toContain(
        `${status} ${code}`,
      );
      if (status === 503) expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
    }
    expect(api.served.pool.pids).toEqual(pids);
  });
});

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };

  it('of 200 MB are refused by their length, before they are sent', async () => {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${api.key}\r\nContent-Type: image/jpeg\r\n`;
    const answer = await sent(`${head}Content-Length: 209715200\r\n\r\n`);
    expect(answer).toEqual({ status: 413, code: 'HTTP_BODY_TOO_LARGE' });
  });

  it('of 200 MB in chunks are cut once they are too long', async () => {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${api.key}\r\nContent-Type: image/jpeg\r\n`;
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000), Buffer.from('\r\n')]);
    let bytesTaken = 0;
    const { status } = await sent(`${head}Transfer-Encoding: chunked\r\n\r\n`, async (socket) => {
      for (let i = 0; i < 200 && socket.writable; i++)
        if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
      bytesTaken = socket.bytesWritten - socket.writableLength;
    });
    expect(bytesTaken).toBeLessThan(60 * 1024 * 1024);
    // the answer may be lost under what the client still sends
    expect(status === 413 || Number.isNaN(status)).toBe(true);
  });

  it.each([
    ['deep JSON', () => '['.repeat(1_000_000), 400, 'REQUEST_JSON_TOO_COMPLEX'],
    ['deep objects', () => '{"images":'.repeat(100_000), 400, 'REQUEST_JSON_TOO_COMPLEX'],
    ['a million numbers', () => `{"images":[${'0,'.repeat(1_000_000)}0]}`, 400, 'REQUEST_JSON_TOO_COMPLEX'],
    ['half of a JSON', () => '{"images":["', 400, 'REQUEST_JSON_INVALID'],
    ['wrong base64', () => '{"images":["%%%%"]}', 400, 'REQUEST_BASE64_INVALID'],
    ['base64 of nothing', () => '{"images":[""]}', 400, 'REQUEST_WITHOUT_IMAGE'],
    ['base64 of text', () => '{"images":["aGVsbG8="]}', 415, 'IMAGE_FORMAT_UNKNOWN'],
    ['a prototype', () => '{"__proto__":{"images":["aGVsbG8="]}}', 400, 'REQUEST_SHAPE_INVALID'],
    [
      'a thousand photos',
      () => JSON.stringify({ images: Array(1000).fill('aGVsbG8=') }),
      413,
      'REQUEST_TOO_MANY_IMAGES',
    ],
    ['no JSON at all', () => '\0\x01\x02', 400, 'REQUEST_JSON_INVALID'],
  ])('of %s', async (_what, body, status, code) => {
    expect(await asked(body(), json)).toEqual({ status, code });
  });

  it.each([
    ['text/plain', 'REQUEST_TYPE_UNSUPPORTED', 415],
    ['image/', 'HTTP_BODY_TYPE_UNKNOWN', 415],
    ['multipart/form-data', 'REQUEST_FORM_INVALID', 400],
    ['multipart/form-data; boundary=x', 'REQUEST_FORM_INVALID', 400],
    ['application/json; charset=utf-16', 'REQUEST_JSON_INVALID', 400],
    [';;;', 'HTTP_BODY_TYPE_UNKNOWN', 415],
  ])('of type %j', async (type, code, status) => {
    expect(await asked('neither this nor that', { 'content-type': type })).toEqual({ status, code });
  });

  it('that are compressed: read as gzip and deflate, refused when broken, when too long inside, or otherwise', async () => {
    const as = (encoding: string) => ({ 'content-encoding': encoding });
    for (const name of ['gzip', 'GZIP', 'x-gzip', 'X-Gzip', 'identity, x-gzip', 'gzip, identity'])
      expect(await asked(gzipSync(photo), as(name)), name).toEqual({ status: 200, code: null });
    expect(await asked(deflateSync(photo), as('deflate'))).toEqual({ status: 200, code: null });
    expect(await asked(photo, as('gzip'))).toEqual({ status: 400, code: 'REQUEST_ENCODING_BROKEN' });
    expect(await asked(gzipSync(photo).subarray(0, 99), as('gzip'))).toEqual({
      status: 400,
      code: 'REQUEST_ENCODING_BROKEN',
    });
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
    expect(bomb.length).toBeLessThan(300_000);
    expect(await asked(bomb, as('gzip'))).toEqual({ status: 413, code: 'HTTP_BODY_TOO_LARGE' });
    expect(await asked(photo, as('br'))).toEqual({ status: 415, code: 'REQUEST_ENCODING_UNSUPPORTED' });
    expect(await asked(photo, as('constructor'))).toEqual({ status: 415, code: 'REQUEST_ENCODING_UNSUPPORTED' });
  });

  it('of a tensor of NaN, in JSON and as bytes, in the shape of their protocol', async () => {
    const ask = async (body: string | Buffer, headers = {}) => {
      const response = await api.ask('POST', '/v2/models/leaf/infer', { payload: body, headers });
      return [response.statusCode, Object.keys(response.json())];
    };
    const tensor = { name: 'pixels', datatype: 'FP32', shape: [1, 224, 224, 3] };
    expect(await ask('{"inputs":[{"name":"image","datatype":"FP32","shape":[1],"data":[NaN]}]}')).toEqual([
      400,
      ['error'],
    ]);
    expect(await ask(JSON.stringify({ inputs: [{ ...tensor, data: [null] }] }))).toEqual([400, ['error']]);
    const raw = Buffer.from(new Float32Array(224 * 224 * 3).fill(Number.NaN).buffer);
    const head = JSON.stringify({ inputs: [{ ...tensor, parameters: { binary_data_size: raw.length } }] });
    const headers = { 'inference-header-content-length': String(head.length) };
    expect(await ask(Buffer.concat([Buffer.from(head), raw]), headers)).toEqual([400, ['error']]);
  });
});

describe('names', () => {
  it.each([
    '/api/v1/endpoints/nothing:predict',
    '/api/v1/endpoints/..%2f..%2fetc%2fpasswd:predict',
    '/api/v1/endpoints/%2e%2e:predict',
    '/api/v1/endpoints/leaf%00:predict',
    '/api/v1/endpoints/leaf:predict:predict',
    '/api/v1/endpoints/:predict',
    `/api/v1/endpoints/${'a'.repeat(5000)}:predict`,
    "/api/v1/endpoints/';drop table--:predict",
    '/api/v1/endpoints/leaf%ff:predict',
    '/api/v1/endpoints/__proto__:predict',
    '/api/v1/endpoints/leaf:delete',
  ])('%s', async (url) => {
    expect(await asked(photo, {}, url)).toSatisfy(isClientError);
  });

  it.each(['nothing', '__proto__', 'constructor'])('of Vertex AI: %s', async (name) => {
    const url = `/v1/projects/p/locations/l/endpoints/${name}:predict`;
    const { statusCode, body } = await api.ask('POST', url, { payload: JSON.stringify({ instances: [b64(photo)] }) });
    expect(statusCode).toBe(404);
    expect(JSON.parse(body)).toMatchObject({
      error: { code: 404, status: 'NOT_FOUND', details: [{ domain: 'mitate' }] },
    });
  });

  it.each(['nothing', '__proto__', '..%2f..', 'constructor'])('of models: %s', async (name) => {
    for (const url of [`/v2/models/${name}/infer`, `/v1/models/${name}:predict`]) {
      const payload = JSON.stringify({ instances: [b64(photo)] });
      const { statusCode, body } = await api.ask('POST', url, { payload });
      expect([statusCode, Object.keys(JSON.parse(body))]).toEqual([404, ['error']]);
    }
  });
});

describe('keys', () => {
  const withKey = (key: string) => asked(photo, { 'x-api-key': key });

  it('that are expired, unknown, cut, altered or of no form', async () => {
    expect(await withKey(await api.makeKey('predict', new Date(Date.now() - 1000)))).toMatchObject({ status: 401 });
    const altered = `${api.key.slice(0, -1)}${api.key.endsWith('A') ? 'B' : 'A'}`;
    const keys = [altered, api.key.slice(0, -1), 'mk_', `mk_${'0'.repeat(16)}_${'A'.repeat(43)}`, 'x', "' or 1=1--"];
    for (const key of keys) expect(await withKey(key)).toMatchObject({ status: 401, code: 'ACCESS_KEY_INVALID' });
    expect(await asked(photo, { 'x-api-key': '' })).toMatchObject({ status: 401 });
    expect(await asked(photo, { 'x-api-key': '', authorization: 'Basic YTpi' })).toMatchObject({ status: 401 });
  });

  it('of another project: its endpoints are not there', async () => {
    await unaudited(api.served.store).access.createProject({ name: 'elsewhere', description: '' });
    const foreign = await api.makeKey('admin', null, 'elsewhere');
    expect(await withKey(foreign)).toEqual({ status: 404, code: 'ENDPOINT_UNKNOWN' });
    expect(await asked(photo, { 'x-api-key': foreign, 'x-mitate-project': 'default' })).toSatisfy(isClientError);
  });
});

describe('headers', () => {
  it.each([
    ['idempotency-key', 'x'.repeat(300), 'REQUEST_HEADER_INVALID'],
    ['x-mitate-key', 'x'.repeat(300), 'REQUEST_HEADER_INVALID'],
    ['x-mitate-attributes', 'device=Pixel', 'REQUEST_JSON_INVALID'],
    ['x-mitate-attributes', '{"a":{}}', 'REQUEST_SHAPE_INVALID'],
    ['x-mitate-attributes', '['.repeat(100), 'REQUEST_JSON_TOO_COMPLEX'],
  ])('%s: %.20s', async (name, value, code) => {
    expect(await asked(photo, { [name]: value })).toEqual({ status: 400, code });
  });

  it('of which there are too many', async () => {
    const answer = await sent(`POST ${path} HTTP/1.1\r\nHost: x\r\nX-Junk: ${'a'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toEqual({ status: 431, code: 'HTTP_HEADERS_TOO_LARGE' });
  });

  const smuggled = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
  it.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks that are not', 'Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
    ['chunks twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'],
    ['a space before the colon', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['a bare line feed', 'Content-Length: 0\nX: y\r\n\r\n'],
    ['a negative length', 'Content-Length: -1\r\n\r\n'],
    ['a folded line', 'Content-Length: 0\r\n  Transfer-Encoding: chunked\r\n\r\n'],
    ['a chunk size with a sign', 'Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n'],
  ])('that would smuggle a second request: %s', async (_what, rest) => {
    const answer = await sent(`POST ${path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${api.key}\r\n${rest}${smuggled}`);
    expect(answer).toSatisfy(isClientError);
  });
});
