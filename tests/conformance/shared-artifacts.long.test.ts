import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { type Backend, sharedArtifactsConformance } from './shared-artifacts.ts';

/** Programs: go install github.com/versity/versitygw/cmd/versitygw@v1.8.0, github.com/fsouza/fake-gcs-server@v1.56.1 */
const versitygw = process.env.MITATE_TEST_VERSITYGW;
const fakeGcs = process.env.MITATE_TEST_FAKE_GCS;
const manyFiles = 10_000;

const scratch = new ScratchFolder();
afterAll(() => scratch[Symbol.dispose]());

describe('artifacts in a folder that machines share', () => {
  sharedArtifactsConformance(
    async () => ({ uri: scratch.at('shared'), env: {}, clockError: null, [Symbol.asyncDispose]: async () => {} }),
    { manyFiles },
  );
});

describe.skipIf(versitygw === undefined)('artifacts in versitygw (MITATE_TEST_VERSITYGW)', () => {
  sharedArtifactsConformance(
    async () => {
      const data = scratch.at('s3');
      mkdirSync(scratch.at('s3', 'leaves'), { recursive: true });
      const port = await freePort();
      const keys = { ROOT_ACCESS_KEY: 'mitate', ROOT_SECRET_KEY: 'se/cr+et' };
      const server = spawn(versitygw!, ['--port', `127.0.0.1:${port}`, 'posix', data], {
        env: { ...process.env, ...keys },
        stdio: 'ignore',
      });
      const before = await FailingProxy.open(port, server);
      const env = {
        AWS_ENDPOINT_URL: before.origin,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: keys.ROOT_ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY: keys.ROOT_SECRET_KEY,
      };
      return before.backend({ uri: 's3://leaves/artifacts', env, clockError: 'BUCKET_CLOCK_WRONG' });
    },
    { manyFiles },
  );
});

describe.skipIf(fakeGcs === undefined)('artifacts in fake-gcs-server (MITATE_TEST_FAKE_GCS)', () => {
  sharedArtifactsConformance(
    async () => {
      const data = scratch.at('gcs');
      mkdirSync(scratch.at('gcs', 'leaves'), { recursive: true });
      const port = await freePort();
      const server = spawn(
        fakeGcs!,
        ['-scheme', 'http', '-host', '127.0.0.1', '-port', `${port}`, '-backend', 'memory', '-data', data],
        { stdio: 'ignore' },
      );
      const before = await FailingProxy.open(port, server);
      // it asks for no token
      return before.backend({
        uri: 'gs://leaves/artifacts',
        env: { STORAGE_EMULATOR_HOST: before.origin },
        clockError: null,
      });
    },
    { manyFiles },
  );
});

/** Before a server, whose requests it can answer otherwise. */
class FailingProxy {
  readonly #program: ChildProcess;
  readonly #port: number;
  #fail: (response: ServerResponse) => boolean = () => false;
  readonly #server = createServer((request, response) => {
    if (this.#fail(response)) return;
    const { method, url: path, headers } = request;
    const onward = httpRequest({ host: '127.0.0.1', port: this.#port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });

  private constructor(program: ChildProcess, port: number) {
    this.#program = program;
    this.#port = port;
  }

  /** Once the program listens on its port. */
  static async open(port: number, program: ChildProcess): Promise<FailingProxy> {
    const proxy = new FailingProxy(program, port);
    const listens = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      );
    while (!(await listens())) {
      if (program.exitCode !== null) throw new Error(`${program.spawnfile} ended with ${program.exitCode}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  backend(more: Pick<Backend, 'uri' | 'env' | 'clockError'>): Backend {
    return {
      ...more,
      failNext: (times, how) => {
        let left = times;
        this.#fail = (response) => {
          if (left-- <= 0) return false;
          if (how === 'cut') response.destroy();
          else response.writeHead(how).end();
          return true;
        };
      },
      [Symbol.asyncDispose]: async () => {
        this.#server.closeAllConnections();
        this.#server.close();
        this.#program.kill();
        if (this.#program.exitCode === null) await once(this.#program, 'exit');
      },
    };
  }
}
