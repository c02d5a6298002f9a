import { Worker } from 'node:worker_threads';
import { answerLabels } from '../../src/artifacts/model/answer.ts';
import { readChangedAnswers } from '../../src/artifacts/model/read-changed-answers.ts';
import { wilsonInterval } from '../../src/math/stats/proportion.ts';
import { Random } from '../../src/math/stats/random.ts';
import { changes } from '../feedback/changes.ts';
import { draw } from '../feedback/drift-tests.ts';
import { beans, observed, openWorld, type SeenPhoto } from '../feedback/unseen-photos.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { monitors, type Simulated, type Simulation, type Simulations } from './simulate.ts';
import type { Taken } from './traffic.ts';

const years = 16;
const days = 365;
const shifts = 100;
/** A shift comes after a week, and is to be found by the end of its third day. */
const from = 8;
const within = 3;
const shifted = ['blur', 'brightness x 0.6', 'new background', 'centre crop of 60 %'];
const processes = 2;

/** Every default monitor, every day of a year, by the policy of alarms; reference and traffic are drawn anew from photos that no training saw. */
export async function alarms(context: BenchContext): Promise<Figure[]> {
  const world = await openWorld(context);
  const { data, options, log } = context;
  const { signature, uri } = world.model;
  const asTaken = (photos: readonly SeenPhoto[]): Taken[] =>
    photos.map((photo) => ({ seen: observed(photo, signature), class: photo.label }));
  const worlds: Simulations['worlds'] = {
    'another plant': asTaken(await world.see('beans', () => beans(data!), true)),
  };
  const chosen = new Set(draw(new Random('changed'), world.unseen, 400).map(({ id }) => id));
  for (const name of shifted)
    worlds[name] = asTaken(
      await world.see(`changed ${name}`, async function* () {
        for await (const photo of world.photos())
          if (chosen.has(photo.id)) yield { ...photo, bytes: await changes[name]!(photo.bytes, photo.id) };
      }),
    );
  const common = {
    photos: asTaken(world.unseen),
    worlds,
    changed: await readChangedAnswers(uri),
    labels: answerLabels(signature),
  };
  const quiet = Array.from({ length: Math.max(2, Math.round(years * options.scale)) }, (_, i) => ({
    seed: `year ${i}`,
    days,
  }));
  const names = Object.keys(worlds);
  const moving = Array.from({ length: Math.max(names.length, Math.round(shifts * options.scale)) }, (_, i) => ({
    seed: `shift ${i}`,
    days: from + within - 1,
    shift: { from, world: names[i % names.length]! },
  }));
  const started = performance.now();
  const still = await simulateAll(quiet, common);
  log(`${still.length} years in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return [falseAlarms(still), ...detection(moving, await simulateAll(moving, common))];
}

async function simulateAll(list: readonly Simulation[], common: Omit<Simulations, 'list'>): Promise<Simulated[]> {
  const parts = Array.from({ length: processes }, (_, k) => list.filter((_, i) => i % processes === k));
  const found = await Promise.all(parts.map((part) => inWorker({ ...common, list: part })));
  return found.flat();
}

function inWorker(workerData: Simulations): Promise<Simulated[]> {
  return new Promise((resolve, reject) => {
    const found: Simulated[] = [];
    const worker = new Worker(new URL('./simulate.ts', import.meta.url), { workerData });
    worker.on('message', (each: Simulated) => found.push(each));
    worker.on('error', reject);
    worker.on('exit', () => resolve(found));
  });
}

function falseAlarms(still: readonly Simulated[]): Figure {
  const count = still.flatMap(({ opened }) => opened).length;
  const rate = count / still.length;
  const upper = poissonUpper(count) / still.length;
  const by = [
    ...Map.groupBy(
      still.flatMap(({ opened }) => opened),
      ({ monitor }) => monitor,
    ),
  ];
  const unwell = still.flatMap((each) => each.unwell);
  const mean = unwell.reduce((sum, share) => sum + share, 0) / unwell.length;
  const deviation = Math.sqrt(unwell.reduce((sum, share) => sum + (share - mean) ** 2, 0) / unwell.length);
  return {
    what: `false alerts a year: ${still.length} years of days that resemble the day before, ${monitors.length} monitors`,
    got: `${rate.toFixed(2)}, upper end ${upper.toFixed(2)}`,
    toReach: '<= 0.2, upper 95 % end <= 0.5',
    met: rate <= 0.2 && upper <= 0.5,
    note: `120 to 360 photos a day, half on weekends; unwell answers ${(100 * mean).toFixed(0)} +- ${(100 * deviation).toFixed(1)} % of a day${by.map(([name, list]) => `; ${name} ${list.length}`).join('')}`,
  };
}

/** One-sided 95 % upper end of a Poisson mean, by bisection of its distribution function. */
function poissonUpper(count: number): number {
  let [low, high] = [0, 3 * count + 10];
  for (let step = 0; step < 60; step++) {
    const mean = (low + high) / 2;
    let term = Math.exp(-mean);
    let sum = term;
    for (let k = 1; k <= count; k++) sum += term *= mean / k;
    if (sum > 0.05) low = mean;
    else high = mean;
  }
  return high;
}

function detection(
  list: readonly (Simulation & { shift: { world: string } })[],
  moved: readonly Simulated[],
): Figure[] {
  const isFound = new Map(moved.map(({ seed, opened }) => [seed, opened.some(({ day }) => day >= from)]));
  const found = list.filter(({ seed }) => isFound.get(seed)).length;
  const { low } = wilsonInterval(found, list.length);
  const names = [...Map.groupBy(list, ({ shift }) => shift.world)].map(
    ([name, all]) => `${name} ${all.filter(({ seed }) => isFound.get(seed)).length} of ${all.length}`,
  );
  return [
    {
      what: `a real shift, at the same settings: alert within ${within} days`,
      got: `${((100 * found) / list.length).toFixed(0)} %, lower end ${(100 * low).toFixed(0)} %`,
      toReach: '>= 95 %',
      met: found / list.length >= 0.95,
      note: names.join('; '),
    },
  ];
}
