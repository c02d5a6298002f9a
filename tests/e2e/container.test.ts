import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { requestRecordSchema } from '../../src/contracts/request-record.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { freePort } from '../support/free-port.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { trainedModels } from '../support/trained-models.ts';

vi.setConfig({ hookTimeout: 240_000 });

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folder = new ScratchFolder();
let uri: string;
let photos: Uint8Array[];

beforeAll(async () => {
  [uri] = (await trainedModels(folder.path, 1)) as [string];
  photos = (await drawnPhotos(2)).map(({ bytes }) => bytes);
});
afterAll(() => folder[Symbol.dispose]());

/** `mitate serve` as Vertex AI starts a container: nothing but its environment. */
class Container implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly url: string;
  stdout = '';
  stderr = '';

  constructor(port: number, env: Record<string, string>, args: string[] = []) {
    this.url = `http://127.0.0.1:${port}`;
    this.process = spawn(process.execPath, [...sourceFlags, main, 'serve', ...args], {
      cwd: folder.path,
      env: { PATH: process.env.PATH!, MITATE_PROCESSES: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Polls the health route as Vertex AI does: no answer counts as not ready. */
  async ready(route: string): Promise<void> {
    while (this.process.exitCode === null) {
      const status = await fetch(this.url + route).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 200) return;
      await sleep(100);
    }
    throw new Error(`It ended: ${this.stderr}`);
  }

  post(route: string, body: unknown): Promise<Response> {
    return fetch(this.url + route, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      await once(this.process, 'close');
    }
    return this.process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

const instances = () => photos.map((photo) => ({ b64: Buffer.from(photo).toString('base64') }));

describe('mitate serve as a container of Vertex AI', () => {
  const health = '/v1/endpoints/77/deployedModels/88';
  const predict = `${health}:predict`;

  it('answers at the routes of AIP_*, prints its records, and stops with 0', async () => {
    const port = await freePort();
    await using container = new Container(port, {
      AIP_HTTP_PORT: String(port),
      AIP_HEALTH_ROUTE: health,
      AIP_PREDICT_ROUTE: predict,
      AIP_STORAGE_URI: uri,
      AIP_ENDPOINT_ID: '77',
      AIP_DEPLOYED_MODEL_ID: '88',
      AIP_MODEL_NAME: 'leaf',
    });
    await container.ready(health);
    const response = await container.post(predict, { instances: instances(), parameters: {} });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { predictions: { probability: number }[] };
    expect(Object.keys(answer)).toEqual(['predictions']);
    expect(answer.predictions).toMatchObject([
      { model: { name: 'leaf' }, deployment: { id: '88' } },
      { model: { name: 'leaf' }, deployment: { id: '88' } },
    ]);
    const bad = await container.post(predict, { instances: [{ b64: '%' }] });
    expect([bad.status, await bad.json()]).toMatchObject([400, { error: { code: 'REQUEST_BASE64_INVALID' } }]);
    for (const other of ['/livez', '/metrics', '/api/v1/models', '/predict', '/v2', '/test-predict'])
      expect((await fetch(container.url + other)).status, other).toBe(404);
    expect(await container.stop()).toBe(0);
    const records = container.stdout
      .trim()
      .split('\n')
      .map((line) => requestRecordSchema.parse(JSON.parse(line)));
    expect(records).toMatchObject(
      answer.predictions.map(({ probability }, instance) => ({
        instance,
        probability,
        endpoint: '77',
        deployedModelId: '88',
        protocol: 'vertex',
        status: 200,
      })),
    );
  });

  it('takes the folder as --model, with routes of its own', async () => {
    const port = await freePort();
    await using container = new Container(port, {}, ['--model', uri, '--port', String(port)]);
    await container.ready('/health');
    expect((await container.post('/predict', { instances: instances() })).status).toBe(200);
  });

  it.each([
    [{ AIP_STORAGE_URI: 'gs://bucket/model' }, 2, 'AIP_STORAGE_URI'],
    [{ AIP_STORAGE_URI: '/nowhere' }, 1, 'MODEL_'],
    [{ AIP_STORAGE_URI: '/nowhere', AIP_HTTP_PORT: 'http' }, 2, 'AIP_HTTP_PORT'],
    [{ AIP_STORAGE_URI: '/nowhere', AIP_PREDICT_ROUTE: 'predict' }, 2, 'AIP_PREDICT_ROUTE'],
  ])('ends with an error that says why: %j', async (env, code, words) => {
    await using container = new Container(1, env as Record<string, string>);
    await once(container.process, 'close');
    expect(container.process.exitCode).toBe(code);
    expect(container.stderr).toContain(words);
    expect(container.stdout).toBe('');
  });
});
