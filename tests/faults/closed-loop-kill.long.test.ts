import { expect, it } from 'vitest';
import { Kills } from '../support/closed-loop/kills.ts';
import { closeTheLoop } from '../support/closed-loop/scenario.ts';
import { drawnWorld } from '../support/closed-loop/world.ts';

it('the loop closes in the same state though server and worker are killed all the way, 30 times', async () => {
  // a head that is trained in seconds: one of a minute seldom ends between two kills on a slow machine
  const head = { hidden: 64, minSteps: 0 };
  const labels = { patience: 40, window: 60, minNewLabels: 120, labelled: 0.6, withinS: 900, head };
  let killed = 0;
  for (let seed = 1; killed < 30; seed++) {
    const kills = new Kills(seed);
    const story = await closeTheLoop(await drawnWorld(seed), { ...labels, meanwhile: kills.go });
    expect(story.states.at(-1)).toBe('promoted');
    expect(story).toMatchObject({ promotes: 1, lostLabels: 0 });
    expect(kills.count).toBeGreaterThan(0);
    killed += kills.count;
  }
}, 3_600_000);
