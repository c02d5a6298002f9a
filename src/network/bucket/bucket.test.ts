import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BucketServer, refuse } from '../../../tests/support/bucket-server.ts';
import { bucketAccess } from '../../config/buckets.ts';
import { Bucket, type BucketObject } from './bucket.ts';

let server: BucketServer;
beforeEach(async () => {
  server = await BucketServer.open();
});
afterEach(() => server[Symbol.asyncDispose]());

const open = (place = 's3://leaves/photos', env: Record<string, string> = {}) =>
  new Bucket(place, bucketAccess({ ...server.env, ...env }));
async function list(bucket = open()): Promise<BucketObject[]> {
  const objects: BucketObject[] = [];
  for await (const object of bucket.list()) objects.push(object);
  return objects;
}
const names = async (bucket = open()) => (await list(bucket)).map(({ name }) => name);
/** The first requests are answered so, the others as usual. */
function first(times: number, answer: (response: ServerResponse) => void): void {
  let came = 0;
  server.interfere = (_, response) => {
    if (++came > times) return false;
    answer(response);
    return true;
  };
}

describe('a bucket', () => {
  it('lists what lies below its prefix, and reads it whole', async () => {
    const at = new Date('2026-03-01T12:00:00.000Z');
    server.put('photos/healthy/1.jpg', 'one', at);
    server.put('photos/', '');
    server.put('photos/healthy/', '');
    server.put('photosynthesis/2.jpg', 'two');
    const [object, ...others] = await list();
    expect(object).toEqual({
      key: 'photos/healthy/1.jpg',
      name: 'healthy/1.jpg',
      sizeBytes: 3,
      etag: 'f97c5d29941bfb1b2fdab0874906ab82',
      changedAt: at,
    });
    expect(others).toEqual([]);
    expect(Buffer.from(await open().read(object!)).toString()).toBe('one');
    expect(await names(open('s3://leaves'))).toHaveLength(2);
    expect(await names(open('S3://leaves/photos///'))).toEqual(['healthy/1.jpg']);
  });

  it('is listed page by page', async () => {
    for (let i = 0; i < 2_345; i++) server.put(`photos/a/${i}.jpg`, `${i}`);
    const found = await names();
    expect(new Set(found).size).toBe(2_345);
    expect(server.asked).toHaveLength(3);
  });

  it('has keys of any characters, with a session token or without', async () => {
    const odd = [
      'a b',
      'a+b',
      "it's (1)!*",
      '葉/é',
      'a%20b',
      '%zz',
      'a&b=c;d',
      '<x>"&amp;',
      'a//b',
      'a\nb',
      'q?x#y',
      '~',
      '\\',
    ];
    for (const key of odd) server.put(`photos/${key}.jpg`, key);
    const objects = await list();
    expect(objects.map(({ name }) => name).sort()).toEqual(odd.map((key) => `${key}.jpg`).sort());
    for (const object of objects) expect(`${Buffer.from(await open().read(object))}.jpg`).toBe(object.name);
    await using other = await BucketServer.open({ id: 'TEMP', secret: 'x', token: 'tok/en+==' });
    other.put('photos/葉 1.jpg', 'leaf');
    const [leaf] = await list(open('s3://leaves/photos', other.env));
    expect(Buffer.from(await open('s3://leaves/photos', other.env).read(leaf!)).toString()).toBe('leaf');
  });

  it('has prefixes of any characters', async () => {
    for (const prefix of ['field photos/2026+', "it's (1)!*", '葉/&=?#', 'a%20b']) {
      server.put(`${prefix}/a.jpg`, prefix);
      const found = await list(open(`s3://leaves/${prefix}`));
      expect(found.map(({ key }) => key)).toEqual([`${prefix}/a.jpg`]);
    }
  });

  it('asks for no key that a URL would turn into another', async () => {
    server.put('photos/../secret.jpg', 'x');
    const [object] = await list();
    await expect(open().read(object!)).rejects.toMatchObject({ code: 'BUCKET_KEY_UNSAFE' });
    expect(server.asked).toEqual(['LIST']);
  });

  it('gives what was listed, or says that it changed', async () => {
    server.put('photos/a.jpg', 'before');
    server.put('photos/b.jpg', 'gone');
    const [a, b] = await list();
    server.put('photos/a.jpg', 'longer than it was');
    server.objects.delete('photos/b.jpg');
    for (const object of [a!, b!]) await expect(open().read(object)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  it('gives what was listed also where storage does not look at what it is to bear', async () => {
    server.put('photos/a.jpg', 'before');
    const [object] = await list();
    const answer = (headers: Record<string, string>) => {
      server.interfere = (_, response) => {
        response.writeHead(200, headers).end('beside');
        return true;
      };
    };
    answer({ etag: '"another"' });
    await expect(open().read(object!)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    answer({});
    expect(await open().read(object!)).toHaveLength(6);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['is busy', (response) => refuse(response, 503, 'SlowDown')],
    ['has an error', (response) => refuse(response, 500, 'InternalError')],
    ['has too many requests', (response) => void response.writeHead(429).end()],
    ['hangs up', (response) => void response.destroy()],
    [
      'sends half of it',
      (response) => void response.writeHead(200, { 'content-length': 3 }).write('o', () => response.destroy()),
    ],
  ])('asks again when the storage %s', async (_, answer) => {
    server.put('photos/a.jpg', 'one');
    const [object] = await list();
    first(2, answer);
    expect(Buffer.from(await open().read(object!)).toString()).toBe('one');
    expect(server.asked).toHaveLength(4);
  });

  it('gives up in the end, and says why', async () => {
    first(9, (response) => refuse(response, 503, 'SlowDown'));
    await expect(list()).rejects.toMatchObject({
      code: 'BUCKET_UNREACHABLE',
      message: 's3://leaves/photos: the storage answered 503 (attempts: 5).',
    });
    expect(server.asked).toHaveLength(5);
    const nobody = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    await expect(list(open('s3://leaves', nobody))).rejects.toMatchObject({ code: 'BUCKET_UNREACHABLE' });
  });

  it('ends at once when it is cancelled', async () => {
    server.interfere = () => true;
    const signal = AbortSignal.timeout(50);
    await expect(open().list(signal).next()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['without credentials', 's3://leaves', { AWS_SECRET_ACCESS_KEY: '' }, 'BUCKET_CREDENTIALS_MISSING'],
    ['with a wrong secret', 's3://leaves', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'SignatureDoesNotMatch'],
    ['as nobody', 's3://leaves', { AWS_ACCESS_KEY_ID: 'AKIDNOBODY' }, 'InvalidAccessKeyId'],
    ['that is not there', 's3://roses/photos', {}, 'the bucket does not exist at http://127.0.0.1'],
  ])('is not read %s', async (_, place, env, said) => {
    const error = await list(open(place, env)).catch((thrown) => thrown);
    expect(`${error.code} ${error.message}`).toContain(said);
    expect(error.message).not.toContain('se/cr+et');
    expect(server.asked.length).toBeLessThan(2);
  });

  it('says in which region it is', async () => {
    first(1, (response) => void response.writeHead(301, { 'x-amz-bucket-region': 'eu-west-1' }).end());
    await expect(list()).rejects.toMatchObject({
      code: 'BUCKET_REGION',
      message: expect.stringContaining('eu-west-1'),
    });
    first(1, (response) => refuse(response, 400, 'AuthorizationHeaderMalformed', '<Region>eu-west-2</Region>'));
    await expect(list()).rejects.toMatchObject({ remedy: 'Set AWS_REGION=eu-west-2.' });
  });

  it.each([
    ['a page for people', '<html>sign in</html>'],
    [
      'a listing that does not say where it goes on',
      '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>',
    ],
    ['an object without a size', '<ListBucketResult ><Contents><Key>photos/a</Key></Contents></ListBucketResult>'],
    [
      'a listing that never ends',
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken></ListBucketResult>',
    ],
  ])('is not taken for one when the answer is %s', async (_, body) => {
    first(9, (response) => void response.writeHead(200).end(body));
    await expect(list()).rejects.toMatchObject({ code: 'BUCKET_ANSWER_INVALID' });
  });

  it.each([
    's3://',
    's3://A',
    's3:///photos',
    's3://a..',
    's3://user:pw@host/x',
    's3://leaves/{SPAN}/x',
    's3://..',
  ])('is not written %s', (place) => {
    expect(() => open(place)).toThrow(expect.objectContaining({ code: 'BUCKET_PLACE_INVALID' }));
  });

  it('is at AWS under a host of its own, unless a dot in its name would not fit the certificate', () => {
    const at = (place: string) => new Bucket(place, { endpoint: null, region: 'eu-west-1', credentials: null }).origin;
    expect(at('s3://leaves/photos')).toBe('https://leaves.s3.eu-west-1.amazonaws.com/');
    expect(at('s3://leaves.example.com')).toBe('https://s3.eu-west-1.amazonaws.com/leaves.example.com/');
  });
});
