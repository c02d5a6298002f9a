import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '../../src/client/index.ts';
import { cpuSeconds, treeMemory } from '../process-tree.ts';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

export interface ServerOptions {
  workspace: string;
  /** 0 = any free one. */
  port?: number;
  source: boolean;
  profile: string | null;
}

/** `mitate serve`, as a user starts it. */
export class BenchServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly url: string;
  /** Of the very first start of a workspace. */
  readonly firstKey: string | null;

  private constructor(child: ChildProcess, said: { url: string; firstKey: string | null }) {
    this.#child = child;
    this.url = said.url;
    this.firstKey = said.firstKey;
  }

  static async start(options: ServerOptions): Promise<BenchServer> {
    const { child, address } = spawnServer(options);
    return new BenchServer(child, await address);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  client(key: string): Client {
    return createClient({ url: this.url, key });
  }

  /** Bytes, of the whole process tree. */
  memory(): number {
    return treeMemory(this.pid);
  }

  /** Of the HTTP process alone: its children run models and database. */
  cpuSeconds(): number {
    return cpuSeconds(this.pid);
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await end(this.#child, 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child, 'SIGTERM');
  }
}

/** The process at once, its address once it says so. */
export function spawnServer({ workspace, port = 0, source, profile }: ServerOptions) {
  const command = source ? ['-C', 'mitate:source', path('src/cli/main.ts')] : [path('bin/mitate.js')];
  const profiled = profile ? ['--cpu-prof', '--cpu-prof-dir', profile] : [];
  const args = [...profiled, ...command, 'serve', '--json', '--port', String(port), '--workspace', workspace];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-4_000);
  });
  const address = new Promise<{ url: string; firstKey: string | null }>((resolve, reject) => {
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (stdout.includes('\n')) resolve(JSON.parse(stdout.slice(0, stdout.indexOf('\n'))));
    });
    child.once('exit', (code, signal) => reject(new Error(`the server ended with ${code ?? signal}:\n${stderr}`)));
  });
  // a server that is killed before it listens
  address.catch(() => {});
  return { child, address };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
