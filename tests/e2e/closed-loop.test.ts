import { it } from 'vitest';
import { expectClosed } from '../support/closed-loop/expect-closed.ts';
import { closeTheLoop } from '../support/closed-loop/scenario.ts';
import { drawnWorld } from '../support/closed-loop/world.ts';

it('drawn elms and oaks; then pears in evening light; then rowans on negative film: the loop closes', {
  timeout: 1_800_000,
}, async () => {
  const head = { hidden: 64, minSteps: 0 };
  const options = { patience: 40, window: 60, minNewLabels: 220, labelled: 0.8, withinS: 600, head };
  expectClosed(await closeTheLoop(await drawnWorld(1), options));
});
