import { join } from 'node:path';
import type { Bench, BenchContext, Figure } from './figure.ts';
import { latency, load, quantile, tally } from './load/load.ts';
import type { LoadPlan } from './load/plan.ts';
import { type Peer, PeerServer, peers } from './peers/serving/peer-server.ts';
import { versions, virtualEnvironment } from './peers/serving/venv.ts';
import { treeMemory } from './process-tree.ts';
import { prepareSetting, saturatingClients } from './serve/setting.ts';

const rounds = 3;
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

interface Target {
  name: string;
  plan: Pick<LoadPlan, 'url' | 'path' | 'headers' | 'photos' | 'body'>;
  memory(): number;
  /** Photos a second, a round each. */
  rates: number[];
  /** One client, p50 in ms, a round each. */
  medians: number[];
  bytes: number;
}

/** Mitate and the servers that people would pick instead, with the same model on the same cores. */
export const bench: Bench = {
  name: 'peers',
  about:
    '`mitate serve` with log and keys on, beside servers of the same ONNX file with as many workers, asked in turns by the same generator. The peers keep no log, check no key and measure no photo',
  run: measure,
};

async function measure(context: BenchContext): Promise<Figure[]> {
  const { log, options, scratch } = context;
  const setting = await prepareSetting(context);
  const { photos, modelUri, processes, scaled } = setting;
  const bin = await virtualEnvironment(join(options.workspace ?? scratch, 'peers'), log);
  const installed = await versions(bin);
  await using stack = new AsyncDisposableStack();
  const mitate = stack.use(await setting.serve());
  const targets: Target[] = [
    {
      name: 'Mitate',
      plan: { ...setting.predictions(mitate), body: 'photo' },
      memory: () => mitate.memory(),
      rates: [],
      medians: [],
      bytes: 0,
    },
  ];
  const model = join(modelUri, 'Format-Serving', 'model.onnx');
  for (const peer of peers.filter(({ package: name }) => installed.has(name))) {
    const server = stack.use(await PeerServer.start(peer, { bin, model, workers: processes }));
    const plan = { url: server.url, path: peer.path, headers: {}, photos, body: peer.body };
    targets.push({ name: peer.name, plan, memory: () => server.memory(), rates: [], medians: [], bytes: 0 });
  }
  for (const { plan } of targets) await ask(plan, saturatingClients, 3);
  for (let round = 0; round < scaled(rounds); round++)
    for (const target of targets) {
      const { samples, seconds } = await ask(target.plan, saturatingClients, scaled(10, 3));
      target.bytes = Math.max(target.bytes, target.memory());
      const one = await ask(target.plan, 1, scaled(5, 2));
      const failed = [...samples, ...one.samples].filter(({ status }) => status !== 200);
      if (failed.length > 0) throw new Error(`${target.name} failed: ${tally(failed)}`);
      target.rates.push(samples.length / seconds);
      target.medians.push(latency(one.samples, 0.5));
      log(`${target.name}: ${target.rates.at(-1)?.toFixed(0)}/s, one client ${target.medians.at(-1)?.toFixed(1)} ms`);
    }
  const database = treeMemory(mitate.pid, (command) => !command.includes('pglite-process'));
  return figures(targets as [Target, ...Target[]], installed, database);
}

async function ask(plan: Target['plan'], clients: number, seconds: number) {
  return await load({ ...plan, arrivals: { kind: 'closed', clients }, seconds });
}

function figures([mitate, ...others]: [Target, ...Target[]], installed: Map<string, string>, bare: number): Figure[] {
  const list = (text: (target: Target) => string) =>
    others.map((target) => `${target.name} ${text(target)}`).join(', ');
  const median = (values: readonly number[]) => quantile(values, 0.5);
  const fastest = others.toSorted((a, b) => median(b.rates) - median(a.rates))[0] as Target;
  const quickest = others.toSorted((a, b) => median(a.medians) - median(b.medians))[0] as Target;
  const rate = median(mitate.rates.map((own, i) => own / (fastest.rates[i] as number)));
  const wait = median(mitate.medians.map((own, i) => own / (quickest.medians[i] as number)));
  const about = ['onnxruntime', ...peers.map((peer: Peer) => peer.package)]
    .flatMap((name) => (installed.has(name) ? `${name} ${installed.get(name)}` : []))
    .join(', ');
  return [
    {
      what: `photos/s, ${saturatingClients} clients, against the best peer (${fastest.name})`,
      got: `x ${rate.toFixed(2)} (${median(mitate.rates).toFixed(0)}/s)`,
      toReach: '>= x 1.15',
      met: rate >= 1.15,
      note: `${list(({ rates }) => `${median(rates).toFixed(0)}/s`)}; ${about}`,
    },
    {
      what: `one client, p50, against the best peer (${quickest.name})`,
      got: `x ${wait.toFixed(2)} (${median(mitate.medians).toFixed(1)} ms)`,
      toReach: '<= x 0.95',
      met: wait <= 0.95,
      note: list(({ medians }) => `${median(medians).toFixed(1)} ms`),
    },
    {
      what: 'memory of the process tree after the load, sum of resident sets',
      got: mebibytes(mitate.bytes),
      toReach: '<= 850 MiB',
      met: mitate.bytes <= 850 * 2 ** 20,
      note: list(({ bytes }) => mebibytes(bytes)),
    },
    {
      what: 'the same without the embedded database',
      got: mebibytes(bare),
      toReach: '<= 450 MiB',
      met: bare <= 450 * 2 ** 20,
    },
  ];
}
