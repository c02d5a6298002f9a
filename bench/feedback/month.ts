import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dayMs } from '../../src/codecs/duration.ts';
import type { Monitor, Observation } from '../../src/contracts/loop/monitor.ts';
import { alarm, alphaOfEach, type JudgedWindow } from '../../src/feedback/alarm-policy.ts';
import { defaultMonitors } from '../../src/feedback/default-monitors.ts';
import { runCheck } from '../../src/feedback/monitors/monitor-kind.ts';
import { monitorTable } from '../../src/feedback/monitors/table.ts';
import { withReferenceNumber } from '../../src/feedback/own-numbers.ts';
import { wilsonInterval } from '../../src/math/stats/proportion.ts';
import { Random } from '../../src/math/stats/random.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { draw } from './drift-tests.ts';
import { observed, openWorld, type Photo } from './unseen-photos.ts';

const simulations = 200;
const days = 30;
const referenceSize = 300;
const photosADay = 200;
/** Of the day's photos: labels that come back, people who override, heat maps that are drawn. */
const shares = { labelled: 0.3, overridden: 0.05, explained: 0.3 };
const driftedSimulations = 50;
const monitors = defaultMonitors('leaf', { hasUserEvents: false });
const alpha = alphaOfEach(monitors.filter(({ kind }) => monitorTable[kind].isDrift).length);

/** Every default monitor, every day, by the policy of alarms; reference and windows are drawn anew from photos that no training saw. */
export async function month(context: BenchContext): Promise<Figure[]> {
  const { unseen, model, see } = await openWorld(context);
  const { data, options, log } = context;
  const photos = unseen.map((photo) => observed(photo, model.signature));
  const field = (await see('beans', () => beans(data!), true)).map((photo) => observed(photo, model.signature));
  const months = Math.max(2, Math.round(simulations * options.scale));
  const raisedBy = new Map<string, number>();
  let alarming = 0;
  for (let seed = 0; seed < months; seed++) {
    const { alarms } = simulate(photos, photos, `month ${seed}`, days);
    if (alarms.size > 0) alarming++;
    for (const name of alarms.keys()) raisedBy.set(name, (raisedBy.get(name) ?? 0) + 1);
    if (seed % 20 === 19) log(`${seed + 1} months: ${alarming} alarmed`);
  }
  const drifted = Math.max(2, Math.round(driftedSimulations * options.scale));
  let found = 0;
  for (let seed = 0; seed < drifted; seed++) if (simulate(photos, field, `drift ${seed}`, 2).alarms.size > 0) found++;
  const { high } = wilsonInterval(alarming, months);
  const who = [...raisedBy].map(([name, count]) => `${name} ${count}`).join(', ');
  return [
    {
      what: `months with an alert without a change: ${months} of ${days} days, ${photosADay} photos a day, ${monitors.length} monitors`,
      got: `${percent(alarming / months)}, upper end ${percent(high)}`,
      toReach: 'upper 95 % end <= 10 %',
      met: high <= 0.1,
      note: `reference ${referenceSize} and windows drawn anew from ${photos.length} photos${who && `; by ${who}`}`,
    },
    {
      what: 'field photos of another plant (beans): alert within two days',
      got: percent(found / drifted),
      toReach: '>= 95 %',
      met: found / drifted >= 0.95,
      note: `${drifted} simulations`,
    },
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** @returns name of each monitor that alarmed -> day */
function simulate(
  photos: readonly Observation[],
  world: readonly Observation[],
  seed: string,
  lasting: number,
): { alarms: Map<string, number> } {
  const random = new Random(seed);
  const isSame = photos === world;
  const drawn = draw(random, photos, photos.length);
  const reference = drawn.slice(0, referenceSize).map((photo) => asReference(photo, random));
  const rest = isSame ? drawn.slice(referenceSize) : world;
  const logged: Observation[][] = [];
  const results = new Map<string, JudgedWindow[]>(monitors.map(({ name }) => [name, []]));
  const alarms = new Map<string, number>();
  for (let day = 1; day <= lasting; day++) {
    logged.push(draw(random, rest, photosADay).map((photo) => asRequest(photo, random)));
    for (const monitor of monitors) {
      const found = judge(monitor, reference, logged, day, seed);
      results.get(monitor.name)!.unshift(found);
      if (alarm(results.get(monitor.name)!) === 'raise' && !alarms.has(monitor.name)) alarms.set(monitor.name, day);
    }
  }
  return { alarms };
}

function judge(
  { name, kind, parameters, window, minSamples }: Monitor,
  reference: readonly Observation[],
  logged: readonly Observation[][],
  day: number,
  seed: string,
): JudgedWindow {
  const length = window.by === 'time' ? window.days : 1;
  const observations = logged.slice(-length).flat();
  const definition = monitorTable[kind];
  const { state, p, threshold } = runCheck(definition, minSamples, {
    reference,
    window: observations,
    parameters: definition.parameters.parse(withReferenceNumber(kind, parameters, reference)),
    seed: `${seed}:${name}:${day}`,
    alpha,
  });
  return { state, windowStart: at(day - length), windowEnd: at(day), finding: { p, threshold } };
}

const at = (day: number) => new Date(day * dayMs);

/** With the events of the first week, as a reference of the log has them. */
function asReference(photo: Observation, random: Random): Observation {
  return { ...photo, events: random.float() < shares.overridden ? ['override'] : [] };
}

function asRequest(photo: Observation, random: Random): Observation {
  return {
    ...photo,
    truth: random.float() < shares.labelled ? photo.truth : null,
    events: random.float() < shares.overridden ? ['override'] : [],
    attention: random.float() < shares.explained ? photo.attention : null,
  };
}

async function* beans(data: string): AsyncGenerator<Photo> {
  const root = join(data, 'beans');
  for (const label of (await readdir(root)).sort())
    for (const name of (await readdir(join(root, label))).sort().slice(0, 120))
      yield { id: `${label}/${name}`, label, bytes: await readFile(join(root, label, name)) };
}
