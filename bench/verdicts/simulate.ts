import { parentPort, workerData } from 'node:worker_threads';
import { dayMs } from '../../src/codecs/duration.ts';
import type { ChangedAnswer } from '../../src/contracts/artifacts/reference-observation.ts';
import type { Monitor, Observation } from '../../src/contracts/loop/monitor.ts';
import { alarm, alphaOfEach, type JudgedWindow } from '../../src/feedback/alarm-policy.ts';
import { defaultMonitors } from '../../src/feedback/default-monitors.ts';
import { runCheck } from '../../src/feedback/monitors/monitor-kind.ts';
import { monitorTable } from '../../src/feedback/monitors/table.ts';
import { withReferenceNumber } from '../../src/feedback/own-numbers.ts';
import { Random } from '../../src/math/stats/random.ts';
import { draw } from '../feedback/drift-tests.ts';
import { type Taken, Traffic } from './traffic.ts';

export const monitors = defaultMonitors('leaf', { hasUserEvents: false });
const referenceSize = 300;
/** The reference of user events; no shift before. */
const firstDays = 7;
/** Of the reference's photos. */
const explained = 0.5;
/** Newest results that the policy sees. */
const recent = 31;
const alpha = alphaOfEach(monitors.filter(({ kind }) => monitorTable[kind].isDrift).length);

export interface Simulation {
  seed: string;
  days: number;
  /** From the day `from`, photos of that world. */
  shift?: { from: number; world: string };
}

export interface Simulations {
  list: Simulation[];
  photos: Taken[];
  worlds: Record<string, Taken[]>;
  changed: ChangedAnswer[];
  labels: string[];
}

/** An alert that opened, on its day from 1. */
export interface Opened {
  seed: string;
  monitor: string;
  day: number;
}

/** Each alert that opens: a monitor's alert is open until two windows in a row are ok. */
export interface Simulated {
  seed: string;
  opened: Opened[];
  /** Share of unwell answers each day. */
  unwell: number[];
}

function simulate({ seed, days, shift }: Simulation, given: Simulations): Simulated {
  const random = new Random(seed);
  const drawn = draw(random, given.photos, given.photos.length);
  const reference = drawn.slice(0, referenceSize).map(({ seen }) => asReference(seen, random));
  const rest = drawn.slice(referenceSize);
  const traffic = new Traffic(random);
  const logged: Observation[][] = [];
  const results = new Map<string, JudgedWindow[]>(monitors.map(({ name }) => [name, []]));
  const open = new Set<string>();
  const opened: Opened[] = [];
  for (let day = 1; day <= days; day++) {
    logged.push(traffic.nextDay(shift && day >= shift.from ? given.worlds[shift.world]! : rest));
    for (const monitor of monitors) {
      const before = results.get(monitor.name)!;
      before.unshift(judge(monitor, reference, logged, { day, seed, given }));
      before.splice(recent);
      const found = alarm(before);
      if (found === 'clear') open.delete(monitor.name);
      if (found !== 'raise' || open.has(monitor.name)) continue;
      open.add(monitor.name);
      opened.push({ seed, monitor: monitor.name, day });
    }
  }
  const unwell = logged.map((rows) => rows.filter(({ label }) => label === 'unwell').length / rows.length);
  return { seed, opened, unwell };
}

function judge(
  { name, kind, parameters, window, minSamples, reference: against }: Monitor,
  reference: readonly Observation[],
  logged: readonly Observation[][],
  { day, seed, given }: { day: number; seed: string; given: Simulations },
): JudgedWindow {
  const length = window.by === 'time' ? window.days : 1;
  const definition = monitorTable[kind];
  const isOfLog = against.from !== 'model';
  const { state, p, threshold } = runCheck(definition, minSamples, {
    reference: !isOfLog ? reference : day > firstDays ? logged.slice(0, firstDays).flat() : [],
    window: logged.slice(-length).flat(),
    changed: given.changed,
    labels: given.labels,
    parameters: definition.parameters.parse(withReferenceNumber(kind, parameters, reference)),
    seed: `${seed}:${name}:${day}`,
    alpha,
  });
  return { state, windowStart: at(day - length), windowEnd: at(day), finding: { p, threshold } };
}

const at = (day: number) => new Date(day * dayMs);

function asReference(photo: Observation, random: Random): Observation {
  return { ...photo, attention: random.float() < explained ? photo.attention : null };
}

const given = workerData as Simulations | null;
for (const each of given?.list ?? []) parentPort!.postMessage(simulate(each, given!));
