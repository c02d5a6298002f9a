import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type Client, createClient } from '../../../src/client/index.ts';
import type { HeadOptions } from '../../../src/contracts/artifacts/head-config.ts';
import { Random } from '../../../src/math/stats/random.ts';
import { type RunningCommand, root, Sandbox } from '../../e2e/cli.ts';
import { type SeenPhoto, type World, writePhotos } from './world.ts';

/** Name of the example's pipeline, model and endpoint. */
export const loop = 'closed-loop';

export interface LoopOptions {
  /** Photos of a shadow, and of each step of a canary. */
  patience: number;
  /** Requests of a monitor's window. */
  window: number;
  /** Labels that the retraining waits for. */
  minNewLabels: number;
  /** Of the pipeline's Trainer; its own defaults take a minute of processor time for 300 photos. */
  head?: HeadOptions;
}

/** `examples/closed-loop` as a user runs it: a workspace, `mitate up`, traffic and labels over HTTP. */
export class ClosedLoop implements AsyncDisposable {
  readonly sandbox = new Sandbox();
  readonly options: LoopOptions;
  readonly #random = new Random('labels');
  /** What was said and heard: id of the answer -> label. */
  readonly labelled = new Map<string, string>();
  client!: Client;
  running: RunningCommand | null = null;
  /** What the first run took. */
  runMs = 0;

  constructor(options: LoopOptions) {
    this.options = options;
  }

  /** Trains the first version on what is known, serves it, and has it watched. */
  async open({ known }: Pick<World, 'known'>): Promise<void> {
    const { sandbox, options } = this;
    const begun = performance.now();
    await this.train(known);
    this.runMs = performance.now() - begun;
    await this.up();
    await this.client.endpoints.set(loop, { settings: { images: { policy: 'all' } } });
    for (const kind of ['embedding-drift', 'prediction-drift'] as const)
      await this.client.monitors.create({
        name: `${kind}-by-count`,
        endpoint: loop,
        kind,
        window: { by: 'count', count: options.window },
      });
    await this.client.triggers.create({
      name: 'world-changed',
      pipeline: loop,
      parameters: { images: sandbox.at('data/span-{SPAN}'), patience: String(options.patience) },
      when: { kind: 'drift', endpoint: loop },
      coolDown: '1h',
      minNewLabels: options.minNewLabels,
      flywheel: { to: sandbox.at('data'), endpoint: loop },
    });
  }

  /** The photos are span 0, and the first version learns from them. */
  async train(photos: readonly SeenPhoto[]): Promise<void> {
    const { sandbox, options } = this;
    const example = readFileSync(join(root, 'examples/closed-loop/pipeline.ts'), 'utf8');
    // a good candidate is turned back by chance in one of a thousand runs, not in one of twenty; labels seldom show at that level that it is
    // better, so it may differ: the world did change
    const patient = example
      .replace('promotion: {', 'promotion: { alpha: 0.001,')
      .replace('replay: {', 'replay: { maxDisagreement: 0.5,')
      .replace('shadow: {', 'shadow: { maxDisagreement: 0.5,');
    const [trainer, head] = ['trainer({', JSON.stringify(options.head ?? {})];
    sandbox.write('pipeline.ts', patient.replace(trainer, `${trainer} head: ${head},`));
    writePhotos(sandbox, 'data/span-0', photos);
    const parameters = { images: sandbox.at('data/span-{SPAN}'), patience: options.patience };
    const given = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
    const { code, stderr } = await sandbox.mitate('run', 'pipeline.ts', ...given);
    if (code !== 0) throw new Error(`mitate run exited with ${code}: ${stderr}`);
  }

  /** Photos that another workspace has embedded are not embedded again. */
  embedAs({ sandbox }: ClosedLoop): void {
    cpSync(sandbox.at('.mitate/cache'), this.sandbox.at('.mitate/cache'), { recursive: true });
  }

  /** What the newest version says, from the command line. */
  async predict(photos: readonly SeenPhoto[]): Promise<string[]> {
    const files = photos.map(({ name, bytes }) => this.sandbox.write(join('asked', name), bytes));
    const answers = await this.sandbox.json<{ label: string }>('predict', ...files, '--model', loop);
    return answers.map(({ label }) => label);
  }

  /** Server, with a worker beside it. */
  async up(): Promise<void> {
    const running = this.sandbox.start(['up', '--port', '0', '--json', '--no-auth']);
    const [line] = (await Promise.race([once(running.process.stdout!, 'data'), running.ended])) as [Buffer | string];
    const { url } = JSON.parse(String(line)) as { url: string };
    this.running = running;
    this.client = createClient({ url });
  }

  /** `kill -9`; a server is started again at once, a worker is for its server to start. */
  async kill(whom: 'server' | 'worker'): Promise<void> {
    const { process: server, ended } = this.running!;
    const pid = whom === 'server' ? server.pid! : await workerOf(server.pid!);
    if (pid === null) return;
    process.kill(pid, 'SIGKILL');
    if (whom === 'worker') return;
    await ended;
    await this.up();
  }

  /** Asks about the photos, two at a time, and says of a share of the answers what the photo shows. */
  async send(photos: readonly SeenPhoto[], { labelled }: { labelled: number }): Promise<void> {
    const waiting = [...photos];
    const ask = async () => {
      for (let photo = waiting.shift(); photo !== undefined; photo = waiting.shift()) {
        const { bytes, label } = photo;
        const { predictions } = await this.ask((client) => client.predict(loop, bytes));
        if (this.#random.float() >= labelled) continue;
        const { id } = predictions[0]!;
        await this.ask(({ feedback }) => feedback.add({ id, kind: 'label', label }, { idempotencyKey: id }));
        this.labelled.set(id, label);
      }
    };
    await Promise.all([ask(), ask()]);
  }

  /** As a client does that wants its answer: asked again while the server is away. */
  async ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await question(this.client);
      } catch (error) {
        if (attempt === 200 || !isPassing(error)) throw error;
        await sleep(200);
      }
    }
  }

  /** What the endpoint answers to photos that nobody trained on. */
  async answers(photos: readonly SeenPhoto[]): Promise<string[]> {
    const answered: string[] = [];
    for (const { bytes } of photos) answered.push((await this.client.predict(loop, bytes)).predictions[0]!.label);
    return answered;
  }

  /** The version that most of the traffic goes to. */
  async champion(): Promise<number> {
    const { deployments } = await this.ask(({ endpoints }) => endpoints.get(loop));
    return deployments.find(({ role }) => role === 'stable')!.version;
  }

  /**
   * Lets the worker do its work, under traffic that goes round the photos, until `seen` finds what it looks for.
   * @param pauseMs after every ten photos; traffic takes the processor from a training
   */
  async until<T>(
    what: string,
    traffic: readonly SeenPhoto[],
    seen: () => Promise<T | null>,
    { withinS, pauseMs }: { withinS: number; pauseMs: number },
  ): Promise<T> {
    const end = Date.now() + withinS * 1_000;
    for (let at = 0; Date.now() < end; at += 10) {
      const found = await seen();
      if (found !== null) return found;
      const next = Array.from({ length: traffic.length === 0 ? 0 : 10 }, (_, i) => traffic[(at + i) % traffic.length]!);
      await this.send(next, { labelled: 0.2 });
      await sleep(pauseMs);
    }
    throw new Error(`${what} did not come within ${withinS} s: ${JSON.stringify(await this.state(), null, 1)}`);
  }

  /** What the loop has done so far, for the one who asks why it did not go on. */
  async state(): Promise<object> {
    return await this.ask(async ({ alerts, triggers, runs, promotions }) => ({
      alerts: (await alerts.list({ endpoint: loop })).items.map(({ monitor, state, openedAt }) => [
        monitor,
        state,
        openedAt,
      ]),
      firings: (await triggers.firings('world-changed')).items,
      queue: await runs.queue.list(),
      runs: (await runs.list()).items,
      promotions: (await promotions.list({ endpoint: loop })).items,
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running?.process.exitCode === null) {
      this.running.process.kill('SIGTERM');
      await this.running.ended;
    }
    this.sandbox[Symbol.dispose]();
  }
}

/** The server is not there, or starts, ends, or is full. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}

/** Null while there is none. */
async function workerOf(server: number): Promise<number | null> {
  const children = (await readFile(`/proc/${server}/task/${server}/children`, 'utf8')).trim().split(' ');
  for (const child of children) {
    const command = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
    if (command.split('\0').includes('worker')) return Number(child);
  }
  return null;
}
