import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIndex } from '../../src/artifacts/examples/read-examples.ts';
import type { Example } from '../../src/contracts/artifacts/example.ts';
import { Random } from '../../src/math/stats/random.ts';
import { exampleGen, transform } from '../../src/orchestrator/components.ts';
import { definePipeline } from '../../src/orchestrator/define/define-pipeline.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import { findSuspiciousLabels } from '../../src/pipeline/evaluator/suspicious-labels.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { BenchContext, Figure } from '../figure.ts';

const share = 0.05;
const draws = 5;

const tasks = [
  {
    name: 'healthy/unwell',
    recall: 0.9,
    precision: 0.7,
    label: (label: string) => (/healthy/i.test(label) ? 'healthy' : 'unwell'),
  },
  { name: '19 labels', recall: 0.85, precision: 0.6, label: (label: string) => label },
];

/** Labels of plantvillage are flipped to another one, drawn; what the Evaluator lists as suspicious is held against them. */
export async function noise(context: BenchContext): Promise<Figure[]> {
  const embedded = await embed(context);
  const figures: Figure[] = [];
  for (const task of tasks) {
    const found: Awaited<ReturnType<typeof flipAndFind>>[] = [];
    for (let draw = 0; draw < draws; draw++) found.push(await flipAndFind(context, embedded, task.label, draw));
    const mean = (of: (each: (typeof found)[number]) => number) =>
      found.reduce((sum, each) => sum + of(each), 0) / draws;
    const [recall, precision, seconds] = [
      mean((each) => each.recall),
      mean((each) => each.precision),
      mean((each) => each.cpuS),
    ];
    figures.push({
      what: `${task.name}, 5 % flipped labels, mean of ${draws} draws: recall; precision of the list`,
      got: `${recall.toFixed(3)}; ${precision.toFixed(3)}`,
      toReach: `>= ${task.recall}; >= ${task.precision}`,
      met: recall >= task.recall && precision >= task.precision,
      note: `draws ${found.map((each) => `${each.recall.toFixed(2)}/${each.precision.toFixed(2)}`).join(', ')}; ${seconds.toFixed(1)} s of CPU each`,
    });
  }
  return figures;
}

interface Embedded {
  examplesUri: string;
  transformUri: string;
  examples: Example[];
}

async function embed({ data, scratch }: BenchContext): Promise<Embedded> {
  const workspace = join(scratch, 'noise');
  const pipeline = definePipeline('noise', {}, () => {
    const { examples } = exampleGen({ source: join(data as string, 'plantvillage'), groupBy: 'near-duplicate' });
    transform({ examples, backbone: 'mobilenet-v2', views: 'plain' });
  });
  await using store = await openStore({ workspace });
  const run = await runPipeline(pipeline, { store, workspace, processes: 2, seed: 20 });
  if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.error));
  const uri = (step: string, key: string) => run.steps.find(({ name }) => name === step)!.artifacts[key]!.uri;
  const examplesUri = uri('example-gen', 'examples');
  return { examplesUri, transformUri: uri('transform', 'transformGraph'), examples: await readIndex(examplesUri) };
}

async function flipAndFind(
  { scratch, signal = new AbortController().signal }: BenchContext & { signal?: AbortSignal },
  { examplesUri, transformUri, examples }: Embedded,
  nameOf: (label: string) => string,
  draw: number,
) {
  const { flipped, lines } = flip(examples, nameOf, draw);
  const copy = join(scratch, 'flipped');
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy);
  await cp(join(examplesUri, 'examples.json'), join(copy, 'examples.json'));
  await writeFile(join(copy, 'examples.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const before = process.cpuUsage();
  const { found } = await findSuspiciousLabels({ examplesUri: copy, transformUri, seed: 20, signal });
  const { user, system } = process.cpuUsage(before);
  const hits = found.filter(({ sha256 }) => flipped.has(sha256)).length;
  return { recall: hits / flipped.size, precision: hits / found.length, cpuS: (user + system) / 1e6 };
}

function flip(examples: readonly Example[], nameOf: (label: string) => string, draw: number) {
  const random = new Random(`flip ${draw}`);
  const labels = [...new Set(examples.map(({ label }) => nameOf(label)))].sort();
  const order = random.shuffle([...examples.keys()]);
  const chosen = new Set(order.slice(0, Math.round(share * examples.length)));
  const lines = examples.map((example, i) => {
    const label = nameOf(example.label);
    return { ...example, label: chosen.has(i) ? random.pick(labels.filter((other) => other !== label)) : label };
  });
  return { lines, flipped: new Set([...chosen].map((i) => examples[i]!.sha256)) };
}
