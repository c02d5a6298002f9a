import { it } from 'vitest';
import { expectClosed } from '../support/closed-loop/expect-closed.ts';
import { closeTheLoop } from '../support/closed-loop/scenario.ts';
import { drawnWorld, realWorld } from '../support/closed-loop/world.ts';
import { hasRealData, realFolder } from '../support/real-data.ts';

it(`the loop closes on ${hasRealData ? 'real' : 'more drawn'} photos`, { timeout: 1_800_000 }, async () => {
  const world = hasRealData ? realWorld(realFolder('.'), 1, 0.5) : await drawnWorld(2, 224);
  expectClosed(
    await closeTheLoop(world, { patience: 60, window: 100, minNewLabels: 180, labelled: 0.6, withinS: 600 }),
  );
});
