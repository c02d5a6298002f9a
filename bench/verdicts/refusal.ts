import { existsSync } from 'node:fs';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImages } from '../../src/artifacts/examples/read-examples.ts';
import { noticesOf } from '../../src/contracts/prediction.ts';
import { InferencePool } from '../../src/inference/inference-pool.ts';
import { mapOrdered } from '../../src/inference/map-ordered.ts';
import { wilsonInterval } from '../../src/math/stats/proportion.ts';
import { Random } from '../../src/math/stats/random.ts';
import { exampleGen, trainer, transform } from '../../src/orchestrator/components.ts';
import { definePipeline } from '../../src/orchestrator/define/define-pipeline.ts';
import { question } from '../../src/orchestrator/define/question.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import { openStore } from '../../src/store/open-store.ts';
import { encodeJpeg } from '../../src/vision/encode.ts';
import { drawNonSubject } from '../../src/vision/non-subject.ts';
import { drawNonLeaf } from '../../src/vision/sample/draw-non-leaf.ts';
import type { BenchContext, Figure } from '../figure.ts';

const unwell = question('unwell', { negative: /(?<![a-z])healthy(?![a-z])/i, otherwise: 'healthy' });
/** First words of plantvillage's labels. */
const plants = ['apple', 'pepper', 'potato', 'tomato'];
/** Kinds that the detector's own outliers lack. */
const scenes = ['page', 'sky', 'bricks', 'surface'] as const;
const shapes = ['noise', 'texture', 'face', 'text'] as const;
const size = 256;

interface Photo {
  what: string;
  bytes: Uint8Array;
}

/** What the photos of one kind were told. */
class Tally {
  photos = 0;
  warned = 0;
  refused = 0;

  add({ photos, warned, refused }: Tally): void {
    this.photos += photos;
    this.warned += warned;
    this.refused += refused;
  }
}

/** Model by model; `own` = test photos of its own kind. */
export async function refusal(context: BenchContext): Promise<Figure[]> {
  const data = context.data!;
  const perKind = Math.ceil(40 * context.options.scale);
  const most = Math.ceil(200 * context.options.scale);
  const nothing = await nonLeaves(data, perKind);
  const beans = await folderPhotos(join(data, 'beans'), 'beans', () => true, most);
  const total = new Map<string, Tally>();
  for (const without of plants) {
    const isLeftOut = (label: string) => label.toLowerCase().startsWith(without);
    const leftOut = await folderPhotos(join(data, 'plantvillage'), `plant left out (${without})`, isLeftOut, most);
    const source = join(context.scratch, `without-${without}`);
    const filter = (path: string) => !isLeftOut(path.slice(join(data, 'plantvillage').length + 1));
    await cp(join(data, 'plantvillage'), source, { recursive: true, dereference: true, filter });
    count(total, await tell(context, source, [...nothing, ...beans, ...leftOut]));
  }
  const others = await folderPhotos(join(data, 'plantvillage'), 'plantvillage, of a model of beans', () => true, most);
  count(total, await tell(context, join(data, 'beans'), [...nothing, ...others]));
  return figures(total, new Set(nothing.map(({ what }) => what)));
}

function figures(total: ReadonlyMap<string, Tally>, nothing: ReadonlySet<string>): Figure[] {
  const own = total.get('own')!;
  const empty = new Tally();
  for (const [what, tally] of total) if (nothing.has(what)) empty.add(tally);
  const told = (empty.warned + empty.refused) / empty.photos;
  const kinds = [...nothing].map(
    (what) => `${what} ${text(total.get(what)!, ({ warned, refused }) => warned + refused)}`,
  );
  const others = [...total].filter(([what]) => what !== 'own' && !nothing.has(what));
  return [
    {
      what: 'non-leaves refused or warned of; leaves wrongly refused',
      got: `${text(empty, ({ warned, refused }) => warned + refused)}; ${text(own, ({ refused }) => refused)}`,
      toReach: '>= 98 %; <= 1 %',
      met: told >= 0.98 && own.refused / own.photos <= 0.01,
      note: `refused ${text(empty, ({ refused }) => refused)}; leaves warned of ${text(own, ({ warned }) => warned)}; ${kinds.join(', ')}`,
    },
    ...others.map(([what, tally]) => ({
      what: `other plants warned of or refused: ${what}`,
      got: text(tally, ({ warned, refused }) => warned + refused),
      toReach: '>= 80 %',
      met: (tally.warned + tally.refused) / tally.photos >= 0.8,
      note: `refused ${text(tally, ({ refused }) => refused)}`,
    })),
  ];
}

/** `98.2 % (96.9 - 99.0)`: with its 95 % interval. */
function text(tally: Tally, of: (tally: Tally) => number): string {
  const { low, high } = wilsonInterval(of(tally), tally.photos);
  const percent = (share: number) => (100 * share).toFixed(1);
  return `${percent(of(tally) / tally.photos)} % (${percent(low)} - ${percent(high)})`;
}

function count(total: Map<string, Tally>, told: ReadonlyMap<string, Tally>): void {
  for (const [what, tally] of told) {
    const sum = total.get(what) ?? new Tally();
    sum.add(tally);
    total.set(what, sum);
  }
}

/** Trains on `source`, and shows the model its test split (`own`) and the photos. */
async function tell({ scratch, options, log }: BenchContext, source: string, photos: readonly Photo[]) {
  const workspace = join(options.workspace ?? scratch, 'refusal');
  const pipeline = definePipeline('refusal', {}, () => {
    const { examples } = exampleGen({ source, groupBy: 'near-duplicate', splits: { train: 3, eval: 1, test: 1 } });
    const { transformGraph } = transform({ examples, backbone: 'mobilenet-v2' });
    trainer({ examples, transformGraph, task: unwell });
  });
  await using store = await openStore({ workspace });
  const run = await runPipeline(pipeline, { store, workspace, processes: 2, seed: 1 });
  if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.error));
  const uri = (step: string, key: string) => run.steps.find(({ name }) => name === step)!.artifacts[key]!.uri;
  await using pool = await InferencePool.open({ processes: 2 });
  await pool.loadModel('model', uri('trainer', 'model'));
  const told = new Map<string, Tally>();
  const all = shown(uri('example-gen', 'examples'), photos);
  const answers = mapOrdered(all, 8, async ({ what, bytes }) => {
    const { outOfDistribution } = await pool.serve('model', bytes);
    return { what, ...noticesOf(outOfDistribution, { unlike: 'refuse', refuseAbove: null }) };
  });
  for await (const { what, refusal, warning } of answers) {
    const tally = told.get(what) ?? new Tally();
    told.set(what, tally);
    tally.photos++;
    if (refusal) tally.refused++;
    else if (warning) tally.warned++;
  }
  log(
    `${source}: ${[...told].map(([what, { photos, warned, refused }]) => `${what} ${photos}: warned ${warned}, refused ${refused}`).join('; ')}`,
  );
  return told;
}

async function* shown(examplesUri: string, photos: readonly Photo[]): AsyncGenerator<Photo> {
  for await (const { image } of readImages(examplesUri, 'test')) yield { what: 'own', bytes: image };
  yield* photos;
}

async function nonLeaves(data: string, perKind: number): Promise<Photo[]> {
  const random = new Random('bench:refusal');
  const drawn: { what: string; pixels: Uint8Array }[] = [];
  for (let i = 0; i < perKind; i++) {
    for (const scene of scenes) drawn.push({ what: scene, pixels: drawNonLeaf({ seed: `bench:${i}`, size, scene }) });
    for (const kind of shapes) drawn.push({ what: kind, pixels: drawNonSubject(kind, size, size, random).pixels });
  }
  const encoded = drawn.map(async ({ what, pixels }) => ({ what, bytes: await encodeJpeg(pixels, size, size) }));
  const folder = join(data, 'non-leaves');
  const real = existsSync(folder) ? await folderPhotos(folder, 'real photos', () => true, 1_000) : [];
  return [...(await Promise.all(encoded)), ...real];
}

/** Photos below the folder, at most `most`, drawn at random. */
async function folderPhotos(
  folder: string,
  what: string,
  isWanted: (name: string) => boolean,
  most: number,
): Promise<Photo[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(jpe?g|png|webp)$/i.test(name));
  const chosen = new Random(what).shuffle(names.filter(isWanted).sort()).slice(0, most);
  return await Promise.all(chosen.map(async (name) => ({ what, bytes: await readFile(join(folder, name)) })));
}
