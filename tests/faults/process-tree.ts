import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type Client, createClient } from '../../src/client/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type RunningCommand, Sandbox } from '../e2e/cli.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { freePort } from '../support/free-port.ts';
import { registerModel } from '../support/register-model.ts';
import { trainedModels } from '../support/trained-models.ts';

/** A process of `mitate up`; `server` is its root. */
export const parts = ['server', 'database', 'inference', 'worker'] as const;
export type Part = (typeof parts)[number];

const signs: Record<Exclude<Part, 'server'>, string> = {
  database: 'pglite-process',
  inference: 'inference/processes',
  worker: ' worker ',
};
const photosAsked = 4;

/** `mitate up` under load, of which single processes are killed. */
export class ProcessTree implements AsyncDisposable {
  readonly sandbox = new Sandbox();
  readonly answered: string[] = [];
  wrong = 0;
  /** Requests that got an error, by code. */
  readonly failed = new Map<string, number>();
  client!: Client;
  running!: RunningCommand;
  #photos: Uint8Array<ArrayBuffer>[] = [];
  #expected: string[] = [];
  #port = 0;
  #asking: Promise<unknown> | null = null;
  #stop = new AbortController();

  static async open(): Promise<ProcessTree> {
    const tree = new ProcessTree();
    const { sandbox } = tree;
    const [[uri], drawn] = await Promise.all([
      trainedModels(sandbox.at('models'), 1),
      drawnPhotos(photosAsked, { seed: 3 }),
    ]);
    tree.#photos = drawn.map(({ bytes }) => new Uint8Array(bytes));
    {
      await using store = await openStore({ workspace: sandbox.at('.mitate') });
      await registerModel(store, { name: 'leaf', uri: uri!, endpoint: 'leaf' });
    }
    tree.#port = await freePort();
    tree.client = createClient({ url: tree.url });
    await tree.start();
    tree.#expected = await Promise.all(tree.#photos.map((_, i) => tree.#ask(i)));
    return tree;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Resolves once it serves, and its worker works. */
  async start(): Promise<void> {
    this.running = this.sandbox.start(['up', '--port', `${this.#port}`, '--json', '--no-auth', '--processes', '2']);
    await Promise.race([once(this.running.process.stdout!, 'data'), this.running.ended]);
  }

  /** Asks with `clients` at once until `rest`. */
  load(clients: number): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const loop = async (_: unknown, client: number) => {
      for (let i = client; !signal.aborted; i++) {
        const photo = i % photosAsked;
        const given = await this.#ask(photo).catch(async (error: unknown) => {
          const code = error instanceof ApiError ? error.code : 'no connection';
          this.failed.set(code, (this.failed.get(code) ?? 0) + 1);
          await sleep(20);
          return null;
        });
        if (given !== null && given !== this.#expected[photo]) this.wrong++;
      }
    };
    this.#asking = Promise.all(Array.from({ length: clients }, loop));
  }

  async rest(): Promise<void> {
    this.#stop.abort();
    await this.#asking;
  }

  async #ask(photo: number): Promise<string> {
    const { predictions } = await this.client.predict('leaf', this.#photos[photo]!);
    this.answered.push(...predictions.map(({ id }) => id));
    return JSON.stringify(predictions.map(({ label, probabilities }) => [label, probabilities]));
  }

  pids(part: Part): number[] {
    const root = this.running.process.pid!;
    return part === 'server' ? [root] : childrenOf(root).filter((pid) => commandOf(pid).includes(signs[part]));
  }

  /** Kills one, and waits until all is as before. @returns milliseconds */
  async kill(part: Part): Promise<number> {
    const before = this.pids(part);
    const at = performance.now();
    process.kill(before[0]!, 'SIGKILL');
    if (part === 'server') {
      await this.running.ended;
      await this.start();
    }
    for (;;) {
      const now = this.pids(part).filter((pid) => pid !== before[0]);
      if (now.length === before.length && (await this.#works(part, now))) return performance.now() - at;
      await sleep(10);
    }
  }

  async #works(part: Part, pids: number[]): Promise<boolean> {
    if (part === 'worker')
      return await this.running.stderrHas(new RegExp(`"pid":${pids[0]},.*worker ready`)).then(() => true);
    if (part === 'inference') return (await this.gauge('mitate_inference_processes_up')) === pids.length;
    // a query, or whether predictions are served
    const asked = await fetch(`${this.url}${part === 'database' ? '/api/v1/models' : '/readyz'}`).catch(() => null);
    await asked?.body?.cancel();
    return asked?.ok ?? false;
  }

  async gauge(name: string): Promise<number | null> {
    const text = await fetch(`${this.url}/metrics`).then(
      (answer) => answer.text(),
      () => '',
    );
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return line === undefined ? null : Number(line.split(' ')[1]);
  }

  /** Ends it under load, as an operator does; then what was answered is compared with the log. `lost`: not logged, or logged twice. */
  async stop(): Promise<{ lost: string[]; code: number | null; tookMs: number }> {
    const at = performance.now();
    this.running.process.kill('SIGTERM');
    const { code } = await this.running.ended;
    const tookMs = performance.now() - at;
    await this.rest();
    await using store = await openStore({ workspace: this.sandbox.at('.mitate') });
    const { rows } = await store.connection.pool.query<{ id: string; count: number }>(
      'select public_id as id, count(*)::int as count from fact_requests group by public_id',
    );
    const logged = new Map(rows.map(({ id, count }) => [id, count]));
    return { lost: this.answered.filter((id) => logged.get(id) !== 1), code, tookMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rest();
    this.running.process.kill('SIGKILL');
    await this.running.ended;
    this.sandbox[Symbol.dispose]();
  }
}

export function childrenOf(pid: number): number[] {
  const tasks = join('/proc', `${pid}`, 'task');
  return read(() => readdirSync(tasks), []).flatMap((task) =>
    read(() => readFileSync(join(tasks, task, 'children'), 'utf8'), '')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

export const commandOf = (pid: number) =>
  read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '').replaceAll('\0', ' ');

/** A process may end while it is looked at. */
function read<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
