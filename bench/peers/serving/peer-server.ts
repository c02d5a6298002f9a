import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BodyEncoding } from '../../load/plan.ts';
import { treeMemory } from '../../process-tree.ts';

const startTimeoutMs = 60_000;

/** How a peer is started and asked. */
export interface Peer {
  name: string;
  /** Of PyPI, for its version. */
  package: string;
  command(at: { port: number; workers: number }): string[];
  path: string;
  body: BodyEncoding;
}

/** As the documentation of each starts it, with as many workers as Mitate has processes. */
export const peers: readonly Peer[] = [
  {
    name: 'FastAPI',
    package: 'fastapi',
    command: ({ port, workers }) =>
      ['uvicorn', 'fastapi_app:app', '--port', port, '--workers', workers, '--log-level', 'warning'].map(String),
    path: '/predict',
    body: 'photo',
  },
  {
    name: 'LitServe',
    package: 'litserve',
    command: ({ port, workers }) => ['python', 'litserve_app.py', port, workers].map(String),
    path: '/predict',
    body: 'form',
  },
  {
    name: 'BentoML',
    package: 'bentoml',
    command: ({ port }) => ['bentoml', 'serve', 'bentoml_app:Leaf', '--host', '127.0.0.1', '--port', String(port)],
    path: '/predict',
    body: 'form',
  },
  {
    name: 'KServe',
    package: 'kserve',
    command: ({ port, workers }) =>
      ['python', 'kserve_app.py', '--http_port', port, '--workers', workers, '--enable_grpc', 'false'].map(String),
    path: '/v1/models/leaf:predict',
    body: 'instances',
  },
];

/** A peer that answers. */
export class PeerServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly peer: Peer;
  readonly url: string;

  private constructor(child: ChildProcess, peer: Peer, url: string) {
    this.#child = child;
    this.peer = peer;
    this.url = url;
  }

  static async start(peer: Peer, { bin, model, workers }: { bin: string; model: string; workers: number }) {
    const port = await freePort();
    const [program = '', ...args] = peer.command({ port, workers });
    const child = spawn(join(bin, program), args, {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: {
        ...process.env,
        MODEL: model,
        WORKERS: String(workers),
        BENTOML_DO_NOT_TRACK: 'True',
        LITSERVE_ANALYTICS: '0',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr = (stderr + chunk).slice(-4_000);
    });
    const server = new PeerServer(child, peer, `http://127.0.0.1:${port}`);
    for (const started = performance.now(); ; await sleep(250)) {
      if (child.exitCode !== null || performance.now() - started > startTimeoutMs) {
        await server[Symbol.asyncDispose]();
        throw new Error(`${peer.name} did not start:\n${stderr}`);
      }
      const isListening = await fetch(server.url).then(
        () => true,
        () => false,
      );
      if (isListening) return server;
    }
  }

  /** Bytes, of the whole process tree. */
  memory(): number {
    return treeMemory(this.#child.pid as number);
  }

  /** The whole process group: some peers leave workers behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined) return;
    const exited = exitCode !== null || signalCode !== null ? Promise.resolve() : once(this.#child, 'exit');
    try {
      process.kill(-pid, 'SIGTERM');
      await Promise.race([exited, sleep(3_000)]);
      process.kill(-pid, 'SIGKILL');
    } catch {
      // all of them have ended
    }
    await exited;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
