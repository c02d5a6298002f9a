import { Kills } from '../../tests/support/closed-loop/kills.ts';
import { closeTheLoop, type LoopStory } from '../../tests/support/closed-loop/scenario.ts';
import { drawnWorld, realWorld } from '../../tests/support/closed-loop/world.ts';
import type { BenchContext, Figure } from '../figure.ts';

const labelled = 0.6;

/** `examples/closed-loop` on tomato, pepper and potato; then apple; then beans in the field. */
export async function scenario({ data, log, options }: BenchContext): Promise<Figure[]> {
  if (data === null) throw new Error('the scenario needs real photos');
  const world = realWorld(data, 1, options.scale);
  const { known, stranger, field, held } = world;
  log(
    `${known.length} known photos, ${stranger.length} strangers, ${field.length} of the field, ${held.length} held back`,
  );
  const story = await closeTheLoop(world, {
    patience: 100,
    window: 100,
    minNewLabels: 400,
    labelled,
    withinS: 600,
    log,
  });
  const { before, after, everything } = story.accuracy;
  const { behind, windowsToAlert, driftToPromotedS } = story;
  return [
    {
      what: 'changed photos: windows of 100 requests until an alert opens',
      got: `${windowsToAlert}`,
      toReach: '<= 2',
      met: windowsToAlert <= 2,
      note: story.alert,
    },
    {
      what: 'drift to promoted model: labels from the field, retraining, replay, shadow, canary of two steps',
      got: `${driftToPromotedS.toFixed(0)} s`,
      toReach: '<= 180 s',
      met: driftToPromotedS <= 180 && story.states.at(-1) === 'promoted',
      note: story.states.join(', '),
    },
    {
      what: `accuracy on ${held.length} held-back field photos, behind a model trained on everything (paired)`,
      got: `${points(behind.value)} points (${points(behind.low)} to ${points(behind.high)})`,
      toReach: 'upper end <= 6 points',
      met: behind.high <= 0.06,
      note: `${points(before)} % before, ${points(after)} % after, ${points(everything)} % trained on everything; ${100 * labelled} % of the traffic labelled`,
    },
  ];
}

/** On drawn leaves, which take a fifth of the time. */
export async function scenarioKilled({ log, options }: BenchContext): Promise<Figure[]> {
  const wanted = Math.max(1, Math.round(30 * options.scale));
  const stories: LoopStory[] = [];
  let killed = 0;
  for (let seed = 1; killed < wanted; seed++) {
    const kills = new Kills(seed);
    const waits = { patience: 40, window: 60, minNewLabels: 120, labelled, withinS: 900, log };
    stories.push(await closeTheLoop(await drawnWorld(seed), { ...waits, meanwhile: kills.go }));
    killed += kills.count;
    log(`${killed} kills in ${seed} scenarios`);
  }
  const good = stories.filter(({ states, promotes }) => states.at(-1) === 'promoted' && promotes === 1);
  const lost = stories.reduce((sum, { lostLabels }) => sum + lostLabels, 0);
  return [
    {
      what: `kill -9 of server or worker at random through the scenario, ${killed} times in ${stories.length} scenarios of drawn leaves`,
      got: `${good.length} of ${stories.length} promoted once, ${lost} labels lost`,
      toReach: 'all, 0',
      met: good.length === stories.length && lost === 0,
    },
  ];
}

const points = (share: number) => (100 * share).toFixed(1);
