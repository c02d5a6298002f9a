import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalCopies } from '../../src/store/shared/local-copies.ts';
import { openObjects } from '../../src/store/shared/open-objects.ts';
import { SharedArtifacts } from '../../src/store/shared/shared-artifacts.ts';
import { BucketServer, refuse } from '../support/bucket-server.ts';
import { GoogleServer } from '../support/google-server.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { type Backend, sharedArtifactsConformance } from './shared-artifacts.ts';

const scratch = new ScratchFolder();
afterAll(() => scratch[Symbol.dispose]());

/** `failNext` of a server whose requests can be answered otherwise. */
const failing =
  (server: Pick<BucketServer, 'interfere'>): NonNullable<Backend['failNext']> =>
  (times, how) => {
    let left = times;
    server.interfere = (_, response) => {
      if (left-- <= 0) return false;
      if (how === 'cut') response.destroy();
      else refuse(response, how, 'SlowDown');
      return true;
    };
  };

describe('artifacts in a folder that machines share', () => {
  sharedArtifactsConformance(
    async () => ({ uri: scratch.at('shared'), env: {}, clockError: null, [Symbol.asyncDispose]: async () => {} }),
    { manyFiles: 300 },
  );
});

describe('artifacts in S3-compatible storage', () => {
  sharedArtifactsConformance(
    async () => {
      const server = await BucketServer.open();
      server.pageSize = 100;
      return {
        ...{ uri: 's3://leaves/artifacts', env: server.env, clockError: 'BUCKET_CLOCK_WRONG' },
        failNext: failing(server),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
    { manyFiles: 150 },
  );
});

describe('artifacts in Google Cloud Storage', () => {
  sharedArtifactsConformance(
    async () => {
      const server = await GoogleServer.open();
      server.pageSize = 100;
      const key = scratch.write('key.json', server.keyFile);
      return {
        ...{ uri: 'gs://leaves/artifacts', clockError: 'BUCKET_CLOCK_WRONG' },
        env: { ...server.env, GOOGLE_APPLICATION_CREDENTIALS: key },
        failNext: failing(server),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
    { manyFiles: 150 },
  );
});

describe('shared storage that cannot be used', () => {
  let s3: BucketServer;
  let google: GoogleServer;
  beforeEach(async () => {
    [s3, google] = [await BucketServer.open(), await GoogleServer.open()];
    for (const [name, value] of Object.entries({ ...s3.env, ...google.env })) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await s3[Symbol.asyncDispose]();
    await google[Symbol.asyncDispose]();
  });
  const publish = async (uri: string) => {
    const folder = scratch.at('model');
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/model.onnx`, 'weights');
    await using copies = await LocalCopies.open(scratch.at('copies'), 1e9);
    return await new SharedArtifacts(copies, new AbortController().signal).publish(folder, uri, 'one');
  };

  it('is storage that overwrites what is to be created once', async () => {
    s3.keepsConditions = false;
    // what has kept its conditions once is not asked again: another bucket name
    await expect(publish('minio://leaves/overwritten')).rejects.toMatchObject({ code: 'BUCKET_OVERWRITES' });
  });

  it.each([
    ['a bucket that is not there', 'gs://roses/model', {}, 'BUCKET_UNKNOWN'],
    ['a bucket that is not there', 's3://roses/model', {}, 'BUCKET_UNKNOWN'],
    ['a wrong secret', 's3://leaves/model', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'BUCKET_DENIED'],
    ['no credentials', 's3://leaves/model', { AWS_SECRET_ACCESS_KEY: '' }, 'BUCKET_CREDENTIALS_MISSING'],
    ['no metadata server', 'gs://leaves/model', { GCE_METADATA_HOST: '127.0.0.1:9' }, 'GOOGLE_CREDENTIALS_MISSING'],
    ['no name of a bucket', 'gs://', {}, 'BUCKET_PLACE_INVALID'],
    ['another scheme', 'ftp://leaves/model', {}, 'ENGINE_URI_UNKNOWN'],
    ['an endpoint that is none', 'gs://leaves/model', { STORAGE_EMULATOR_HOST: 'http://a?b' }, 'CONFIG_INVALID'],
  ])('is %s: %s', async (_, uri, env: Record<string, string>, code) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    await expect(publish(uri)).rejects.toMatchObject({ code });
  });

  it('is a bucket of another region', async () => {
    s3.interfere = (_, response: ServerResponse) => {
      response.writeHead(301, { 'x-amz-bucket-region': 'eu-west-1' }).end();
      return true;
    };
    await expect(publish('s3://leaves/model')).rejects.toMatchObject({
      code: 'BUCKET_REGION',
      remedy: 'Set AWS_REGION=eu-west-1.',
    });
  });

  it.each([
    ['is not JSON', '{"private_key": "se'],
    ['is of another kind', '{"type":"external_account"}'],
    ['has no key', '{"type":"service_account","client_email":"a@b"}'],
    ['has a key that cannot be read', '{"type":"service_account","client_email":"a@b","private_key":"xyz"}'],
  ])('is a key file that %s', async (_, content) => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', scratch.write('broken.json', content));
    const error = await publish('gs://leaves/model').catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'GOOGLE_CREDENTIALS_INVALID' });
    expect(error.message).not.toContain('xyz');
  });

  it('is an account that Google refuses', async () => {
    const user = { type: 'authorized_user', client_id: 'c', client_secret: 's', token_uri: `${google.origin}/token` };
    const file = (refresh: string) => JSON.stringify({ ...user, refresh_token: refresh });
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', scratch.write('user.json', file('withdrawn')));
    await expect(publish('gs://leaves/refused')).rejects.toMatchObject({ code: 'GOOGLE_CREDENTIALS_REFUSED' });
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', scratch.write('user.json', file('refresh')));
    await publish('gs://leaves/refused');
  });

  it('asks for a new token when one is withdrawn, and says so when the new one is refused too', async () => {
    const objects = openObjects('gs://leaves/token');
    const object = { body: new Blob(['x']), sha256: '' };
    await objects.write('a', object);
    google.tokens.clear();
    await objects.write('b', object);
    google.interfere = (request) => {
      if (request.url?.startsWith('/storage')) google.tokens.clear();
      return false;
    };
    await expect(objects.read('a')).rejects.toMatchObject({ code: 'BUCKET_DENIED' });
  });

  it('is a disk without room for copies that cannot be written', async () => {
    rmSync(scratch.at('file'), { force: true });
    writeFileSync(scratch.at('file'), '');
    await expect(LocalCopies.open(scratch.at('file', 'copies'), 1)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
