import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '../../src/client/index.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { openRunQueue } from '../../src/orchestrator/queue/run-queue.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { writeSample } from '../../src/vision/sample/write-sample.ts';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { registerModel } from '../../tests/support/register-model.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { quantile } from '../load/load.ts';
import { BenchServer } from '../serve/server.ts';
import { failsOnWhite, whitePhoto } from './rollback/fails-on-white.ts';
import { type TimeLine, timeLineOf } from './rollback/time-line.ts';

const endpoint = 'leaf';
const clients = 4;
/** Between a client's answer and its next request: some 40 requests a second in all. */
const pauseMs = 80;
const withinMs = 60_000;
/** Drawn leaves. */
const trained = 120;
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Candidates that a canary turns back, by version. */
const candidates = { 'fails on a fifth of the photos': 2, 'answers the opposite': 3 } as const;

/** A canary of half the traffic that breaks, again and again, beside a worker with nothing else to do, and beside one that trains and judges monitors. */
export async function rollback(context: BenchContext): Promise<Figure[]> {
  const { scratch, options, log } = context;
  const workspace = join(scratch, 'workspace');
  await prepare(workspace, scratch);
  await using server = await BenchServer.start({ ...options, profile: null, workspace });
  await using _worker = startWorker(workspace, options.source);
  await using store = await openStore({ workspace, attach: true });
  const client = server.client(server.firstKey!);
  await client.endpoints.set(endpoint, { settings: { images: { policy: 'none' } } });
  await using _traffic = await sendTraffic(client);
  const rounds = Math.max(1, Math.round(5 * options.scale));
  const figures: Figure[] = [];
  for (const isBusy of [false, true]) {
    if (isBusy) await makeBusy({ client, store, scratch });
    for (const [what, version] of Object.entries(candidates)) {
      const lines: TimeLine[] = [];
      for (let round = 0; round < rounds; round++) {
        const line = await breach({ client, store, version });
        log(`${isBusy ? 'busy' : 'quiet'}, ${what}: ${said(line)}`);
        lines.push(line);
      }
      figures.push(figureOf(`${what}, worker ${isBusy ? 'that trains and judges monitors' : 'at rest'}`, lines));
    }
  }
  log(await whatWasDone(store));
  return figures;
}

async function whatWasDone(store: OpenStore): Promise<string> {
  const { rows } = await store.connection.pool.query<{ count: number }>(
    'select count(*)::int as count from monitor_results',
  );
  const trainings = await store.listRuns({ pipeline: 'bench' });
  return `meanwhile ${rows[0]!.count} results of monitors, ${trainings.length} trainings begun`;
}

function figureOf(what: string, lines: readonly TimeLine[]): Figure {
  const [last, look] = [lines.map((line) => line.toLastAnswer), lines.map((line) => line.toLook)];
  return {
    what: `canary that ${what}: from the request that reveals it to the last one that it serves`,
    got: `${seconds(quantile(last, 0.5))}, longest ${seconds(Math.max(...last))}`,
    toReach: '<= 10 s',
    met: Math.max(...last) <= 10_000,
    note: `${lines.length} times; until the evaluation that found it ${seconds(quantile(look, 0.5))}, longest ${seconds(Math.max(...look))}; revealed by ${lines.map(({ requests }) => requests).join(', ')} requests`,
  };
}

async function prepare(workspace: string, scratch: string): Promise<void> {
  const [good] = await trainedModels(join(scratch, 'good'), 1, trained);
  const [inverted] = await trainedModels(join(scratch, 'inverted'), 1, trained, {
    kind: 'question',
    positive: 'unwell',
    negative: 'healthy',
    negativePattern: { source: '^(?!.*healthy)', flags: 'i' },
  });
  const broken = await failsOnWhite(good!, join(scratch, 'broken'));
  await using store = await openStore({ workspace });
  for (const uri of [good!, broken, inverted!]) await registerModel(store, { name: 'leaf', uri, endpoint });
}

function startWorker(workspace: string, isSource: boolean): AsyncDisposable {
  const command = isSource ? ['-C', 'mitate:source', path('../../src/cli/main.ts')] : [path('../../bin/mitate.js')];
  const child: ChildProcess = spawn(process.execPath, [...command, 'worker', '--workspace', workspace], {
    stdio: 'ignore',
  });
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** What the champion calls unwell, and every fifth photo white: one candidate fails on that, and the other says the opposite of the rest. */
async function sendTraffic(client: Client): Promise<AsyncDisposable> {
  const white = new Blob([new Uint8Array(await whitePhoto())]);
  const photos: Blob[] = [];
  for (const { bytes } of await drawnPhotos(80, { seed: 3 })) {
    const photo = new Blob([new Uint8Array(bytes)]);
    const { predictions } = await client.predict(endpoint, [photo]);
    if (predictions[0]!.label === 'unwell') photos.push(photo, ...(photos.length % 5 === 3 ? [white] : []));
  }
  let isOver = false;
  const ask = async (first: number) => {
    for (let i = first; !isOver; i += clients) {
      await client.predict(endpoint, [photos[i % photos.length]!]).catch(() => {});
      await sleep(pauseMs);
    }
  };
  const asking = Array.from({ length: clients }, (_, i) => ask(i));
  // what is usual, before the first canary
  await sleep(5_000);
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      await Promise.all(asking);
    },
  };
}

/** A minute's tick with costly monitors, and one training after another. */
async function makeBusy({ client, store, scratch }: { client: Client; store: OpenStore; scratch: string }) {
  for (const kind of ['embedding-drift', 'embedding-mmd', 'prediction-drift', 'image-properties'] as const)
    for (const count of [300, 500])
      await client.monitors.create({ name: `${kind}-${count}`, endpoint, kind, window: { by: 'count', count } });
  const images = join(scratch, 'leaves');
  await writeSample(images, { photos: 400, seed: 1, size: 128 });
  await using queue = await openRunQueue(store, { logger: silentLogger });
  for (let seed = 1; seed <= 20; seed++)
    await queue.add({
      project: store.project,
      source: path('../serve/leaf.pipeline.ts'),
      parameters: { images },
      seed,
      who: 'bench',
      trigger: 'demand',
      isConfined: false,
    });
  while ((await store.listRuns({ pipeline: 'bench' })).length === 0) await sleep(200);
}

async function breach({ client, store, version }: { client: Client; store: OpenStore; version: number }) {
  const none = { requests: 0 };
  const policy = { replay: none, shadow: none, canary: { steps: [50], requestsAStep: 100_000 } };
  const { id } = await client.promotions.start({ endpoint, model: `leaf@${version}`, policy });
  const end = Date.now() + withinMs;
  for (;;) {
    const promotion = (await store.promotions.get(id))!;
    if (promotion.endedAt !== null) {
      if (promotion.state !== 'rolled-back') throw new Error(`the canary ended as ${promotion.state}`);
      // what was on its way is answered, and the log has it
      await sleep(2_000);
      const line = await timeLineOf(store, promotion);
      if (line === null) throw new Error('the log does not show why it was rolled back');
      return line;
    }
    if (Date.now() > end) throw new Error(`leaf@${version} was not rolled back: ${await standing(client, id)}`);
    await sleep(200);
  }
}

async function standing(client: Client, id: string): Promise<string> {
  const { now } = await client.promotions.get(id);
  return now?.checks.map(({ name, said }) => `${name}: ${said}`).join('; ') ?? 'it has ended';
}

const said = ({ toLook, toLastAnswer, requests }: TimeLine) =>
  `seen after ${seconds(toLook)}, over after ${seconds(toLastAnswer)}, revealed by ${requests} requests`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
