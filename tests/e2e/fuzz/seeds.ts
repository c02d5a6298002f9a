import { bytesFeature, encodeTfExample, intFeature } from '../../../src/codecs/tf-example.ts';
import type { Random } from '../../../src/math/stats/random.ts';

/** A request before or after its mutation. */
export interface FuzzRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

type Make = (photo: Buffer) => Omit<FuzzRequest, 'method'>;

const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const json =
  (url: string, of: (photo: Buffer) => unknown): Make =>
  (photo) => ({
    url,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(of(photo))),
  });

const form =
  (url: string): Make =>
  (photo) => ({
    url,
    headers: { 'content-type': 'multipart/form-data; boundary=xYzZY' },
    body: Buffer.concat([
      Buffer.from('--xYzZY\r\nContent-Disposition: form-data; name="attributes"\r\n\r\n{"device":"Pixel 9"}\r\n'),
      Buffer.from('--xYzZY\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'),
      Buffer.from('Content-Type: image/jpeg\r\n\r\n'),
      photo,
      Buffer.from('\r\n--xYzZY--\r\n'),
    ]),
  });

const example = (photo: Buffer) =>
  encodeTfExample(
    new Map([
      ['image_raw', bytesFeature(photo)],
      ['label', intFeature(1)],
    ]),
  );

function binaryInfer(photo: Buffer): Omit<FuzzRequest, 'method'> {
  const raw = Buffer.concat([Buffer.from(Uint32Array.of(photo.length).buffer), photo]);
  const image = { name: 'image', shape: [1], datatype: 'BYTES', parameters: { binary_data_size: raw.length } };
  const head = Buffer.from(JSON.stringify({ id: '7', inputs: [image], parameters: { binary_data_output: true } }));
  const headers = {
    'inference-header-content-length': String(head.length),
    'content-type': 'application/octet-stream',
  };
  return { url: '/v2/models/leaf/infer', headers, body: Buffer.concat([head, raw]) };
}

const native = '/api/v1/endpoints/leaf';
const vertex = '/v1/projects/p/locations/l/endpoints/leaf';
const makers: Make[] = [
  (photo) => ({ url: `${native}:predict`, headers: { 'content-type': 'image/jpeg' }, body: photo }),
  (photo) => ({ url: `${native}:explain?format=json`, headers: { 'content-type': 'image/png' }, body: photo }),
  json(`${native}:predict`, (photo) => ({ images: [b64(photo), b64(photo)], attributes: { device: 'x', n: 1 } })),
  form(`${native}:predict`),
  form('/predict/'),
  form('/explain/'),
  json(`${vertex}:predict`, (photo) => ({ instances: [{ b64: b64(photo) }], parameters: { k: 1 } })),
  json(`${vertex}:predict`, (photo) => ({ instances: [{ b64: b64(example(photo)) }, { content: b64(photo) }] })),
  json('/v1/models/leaf:predict', (photo) => ({ instances: [{ image_bytes: { b64: b64(photo) } }] })),
  json('/v1/models/leaf:explain', (photo) => ({ instances: [b64(photo)] })),
  json('/v2/models/leaf/infer', (photo) => ({
    id: '42',
    inputs: [
      { name: 'image', shape: [1], datatype: 'BYTES', parameters: { content_type: 'base64' }, data: [b64(photo)] },
    ],
    outputs: [{ name: 'probabilities', parameters: { classification: 1 } }, { name: 'label' }],
  })),
  json('/v2/models/leaf/versions/1/infer', (photo) => ({
    inputs: [{ name: 'image', shape: [1, 1], datatype: 'BYTES', data: [[b64(photo)]] }],
  })),
  binaryInfer,
];
const looks = ['/test-predict', '/v2', '/v2/health/ready', '/v2/models/leaf', '/v1/models', '/v1/models/leaf/'];

/** A sound request of any protocol. */
export function soundRequest(random: Random, photo: Buffer): FuzzRequest {
  if (random.int(20) === 0) return { method: 'GET', url: random.pick(looks), headers: {}, body: null };
  return { method: 'POST', ...random.pick(makers)(photo) };
}
