import type { Observation } from '../../src/contracts/loop/monitor.ts';
import { alphaOfEach } from '../../src/feedback/alarm-policy.ts';
import { Random } from '../../src/math/stats/random.ts';
import { encodeJpeg } from '../../src/vision/encode.ts';
import { drawNonLeaf } from '../../src/vision/sample/index.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { changes } from './changes.ts';
import { draw, driftTests, findingOf } from './drift-tests.ts';
import { observed, openWorld, type Photo, type World } from './unseen-photos.ts';

const size = 200;
const changed = 400;
const nonLeaves = 60;

/** Monitors that a deployed model has by itself and that see such changes in one window; heat maps are drawn on request only. */
const tests = driftTests.filter(
  ({ kind, parameters }) => !parameters && kind !== 'user-events' && kind !== 'heat-map-drift',
);

/** Windows of changed photos against the model's own reference, each monitor at the alpha that the policy of alarms gives it. */
export async function power(context: BenchContext): Promise<Figure[]> {
  const world = await openWorld(context);
  const alpha = alphaOfEach(tests.length);
  const windows = Math.max(5, Math.round(50 * context.options.scale));
  const figures: { name: string; share: number; by: string }[] = [];
  for (const [name, window] of Object.entries(await windowsOf(world))) {
    const found = detect(world, window, windows, alpha);
    context.log(`${name}: ${found.share.toFixed(2)} (${found.by})`);
    figures.push({ name, ...found });
  }
  const wanted = figures.filter(({ name }) => name !== 'unchanged' && name !== 'JPEG quality 90');
  const seen = wanted.filter(({ share }) => share >= 0.8).length;
  return [
    {
      what: `changes of ${wanted.length} found in one window of ${size} photos with a chance of 0.8`,
      got: `${seen}`,
      toReach: 'at least 6 of 7',
      met: seen >= 6,
      note: `${windows} windows each; any of ${tests.length} monitors, at ${alpha.toFixed(4)} each`,
    },
    ...figures.map(({ name, share, by }) => {
      const isQuiet = !wanted.some((each) => each.name === name);
      return {
        what: `${name}: share of windows found`,
        got: share.toFixed(2),
        toReach: isQuiet ? '<= 0.05' : '>= 0.8',
        met: isQuiet ? share <= 0.05 : share >= 0.8,
        note: by,
      };
    }),
  ];
}

type DrawWindow = (random: Random) => Observation[];

async function windowsOf(world: World): Promise<Record<string, DrawWindow>> {
  const { signature } = world.model;
  const asRows = (photos: World['unseen']) => photos.map((photo) => observed(photo, signature));
  const plain = asRows(world.unseen);
  const windows: Record<string, DrawWindow> = { unchanged: (random) => draw(random, plain, size) };
  for (const [name, change] of Object.entries(changes)) {
    const rows = asRows(await world.see(`changed ${name}`, () => changedPhotos(world, change)));
    windows[name] = (random) => draw(random, rows, size);
  }
  const healthy = plain.filter(({ truth }) => truth!.label === 'healthy');
  const unwell = plain.filter(({ truth }) => truth!.label === 'unwell');
  const share = healthy.length / plain.length + 0.3;
  const healthyCount = Math.round(share * size);
  windows['prior shift of 30 points'] = (random) => [
    ...draw(random, healthy, healthyCount),
    ...draw(random, unwell, size - healthyCount),
  ];
  const others = asRows(await world.see('non-leaves', drawnNonLeaves));
  windows['10 % non-leaves'] = (random) => [...draw(random, plain, 0.9 * size), ...draw(random, others, 0.1 * size)];
  return windows;
}

async function* changedPhotos(
  world: World,
  change: (image: Uint8Array, seed: string) => Promise<Uint8Array>,
): AsyncGenerator<Photo> {
  const chosen = new Set(draw(new Random('changed'), world.unseen, changed).map(({ id }) => id));
  for await (const photo of world.photos())
    if (chosen.has(photo.id)) yield { ...photo, bytes: await change(photo.bytes, photo.id) };
}

async function* drawnNonLeaves(): AsyncGenerator<Photo> {
  for (let i = 0; i < nonLeaves; i++) {
    const pixels = drawNonLeaf({ seed: `bench:${i}`, size: 256 });
    yield { id: `non-leaf-${i}`, label: 'none', bytes: await encodeJpeg(pixels, 256, 256) };
  }
}

function detect(world: World, window: DrawWindow, windows: number, alpha: number) {
  const random = new Random('windows');
  const hits = new Map<string, number>();
  let found = 0;
  for (let i = 0; i < windows; i++) {
    const drawn = window(random);
    const alarms = tests.filter((test) => findingOf(test, world.reference, drawn, `${i}`, alpha).state === 'breach');
    for (const { name } of alarms) hits.set(name, (hits.get(name) ?? 0) + 1);
    if (alarms.length > 0) found++;
  }
  const by = [...hits].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${(count / windows).toFixed(2)}`);
  return { share: found / windows, by: by.slice(0, 4).join('; ') || 'none' };
}
