import type { Random } from '../../../src/math/stats/random.ts';
import type { FuzzRequest } from './seeds.ts';

/** Flips, cuts, repeats, removes, overwrites: 1 to 4 times. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  let out = Buffer.from(bytes);
  for (let times = 1 + random.int(4); times > 0 && out.length > 0; times--) {
    const at = random.int(out.length);
    const length = Math.min(1 + random.int(64), out.length - at);
    const [before, part, after] = [out.subarray(0, at), out.subarray(at, at + length), out.subarray(at + length)];
    const noise = Buffer.from(Array.from({ length }, () => random.int(256)));
    out = random.pick([
      () => Buffer.concat([before, part.map((byte) => byte ^ (1 << random.int(8))), after]),
      () => before,
      () => Buffer.concat([before, part, part, after]),
      () => Buffer.concat([before, after]),
      () => Buffer.concat([before, noise, after]),
      () => Buffer.concat([before, noise, part, after]),
      () => Buffer.concat([before, Buffer.alloc(length, random.pick([0, 0xff, 0x22, 0x5b])), after]),
    ])();
  }
  return out;
}

const oddValues = (random: Random): unknown =>
  random.pick([
    null,
    true,
    -1,
    0,
    1e308,
    0.5,
    '',
    'x',
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    [],
    {},
    [[[[[]]]]],
    [null],
    { b64: null },
    { b64: { b64: 'eA==' } },
    'data:,',
    '/9j/',
    'Cg==',
    Number.MAX_SAFE_INTEGER,
    Array(70).fill('/9j/'),
  ]);

const oddNames = [
  '__proto__',
  'constructor',
  'b64',
  'images',
  'instances',
  'inputs',
  'data',
  'shape',
  'parameters',
  '',
];

/** For a place that takes text only: a path, a query, a cell. */
export const oddText = (random: Random): string => String(oddValues(random) ?? '\u0000');

/** Replaces, removes, renames, wraps or adds somewhere in a JSON value. */
export function mutateJson(random: Random, value: unknown): unknown {
  const isLeaf = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  if (isLeaf || random.int(4) === 0)
    return random.pick([() => oddValues(random), () => [value], () => ({ [random.pick(oddNames)]: value })])();
  if (Array.isArray(value)) {
    const at = random.int(value.length);
    const changed = random.pick([() => [mutateJson(random, value[at])], () => [], () => [value[at], value[at]]])();
    return value.toSpliced(at, 1, ...changed);
  }
  const entries = Object.entries(value);
  const at = random.int(entries.length);
  const [name, member] = entries[at]!;
  const changed: [string, unknown][] = random.pick([
    () => [[name, mutateJson(random, member)] as [string, unknown]],
    () => [],
    () => [[random.pick(oddNames), member] as [string, unknown]],
    () => [[name, member] as [string, unknown], [random.pick(oddNames), oddValues(random)] as [string, unknown]],
  ])();
  return Object.fromEntries(entries.toSpliced(at, 1, ...changed));
}

const headers: Record<string, string[]> = {
  'content-type': [
    '',
    'text/plain',
    'image/jpeg',
    'image/webp',
    'application/json',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=--',
    'application/json; charset=utf-7',
    'a/b;c=d;;',
    '/',
  ],
  'content-encoding': ['gzip', 'br', 'identity', 'x'],
  'inference-header-content-length': ['0', '1', '-1', '1e9', '99999999999', 'NaN', '17'],
  'idempotency-key': ['a', 'b', 'x'.repeat(256), '..', '%00'],
  'x-mitate-key': ['a', 'x'.repeat(256), '__proto__'],
  'x-mitate-attributes': ['{}', '{', '[]', '{"a":{"b":1}}', '{"__proto__":{"x":1}}', '"'.repeat(100)],
  'x-mitate-project': ['default', 'elsewhere', '../x', '__proto__', ''],
  'x-request-id': ['', 'short', 'a'.repeat(300), 'plain-request-id'],
  'if-none-match': ['*', '"x"', 'W/"x", *'],
  accept: ['', 'image/png', 'text/html', '*/*;q=x', 'application/json'],
  authorization: ['Bearer', 'Bearer x', 'Basic x', ''],
  'x-api-key': ['x', 'mk_'],
};

export function mutateHeaders<R extends Pick<FuzzRequest, 'headers'>>(random: Random, request: R): R {
  const name = random.pick(Object.keys(headers));
  return { ...request, headers: { ...request.headers, [name]: random.pick(headers[name]!) } };
}

function mutateUrl(random: Random, request: FuzzRequest): FuzzRequest {
  const { url } = request;
  const at = 1 + random.int(url.length - 1);
  const odd = random.pick([
    '%',
    '%00',
    '%2e%2e',
    '/',
    '//',
    ':',
    '?',
    '?class=x',
    '#',
    '..',
    '\\',
    '%ff',
    '*',
    '(',
    ';',
  ]);
  return {
    ...request,
    url: random.pick([url.slice(0, at) + odd + url.slice(at), url.slice(0, at), url.slice(0, at) + url.slice(at + 1)]),
  };
}

function mutateBody(random: Random, request: FuzzRequest): FuzzRequest {
  if (request.body === null) return { ...request, method: 'POST', body: Buffer.from('x') };
  return { ...request, body: mutateBytes(random, request.body) };
}

function mutateStructure(random: Random, request: FuzzRequest): FuzzRequest {
  if (request.headers['content-type'] !== 'application/json' || request.body === null)
    return mutateBody(random, request);
  const mutated = mutateJson(random, JSON.parse(request.body.toString()));
  return { ...request, body: Buffer.from(JSON.stringify(mutated) ?? '') };
}

const mutators = [mutateHeaders, mutateUrl, mutateBody, mutateStructure, mutateStructure, mutateBody];

export function mutateRequest(random: Random, request: FuzzRequest): FuzzRequest {
  return random.pick(mutators)(random, request);
}
