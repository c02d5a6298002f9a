import { expect } from 'vitest';
import type { LoopStory } from './scenario.ts';

/** What must come of it, in any world that changes; how far behind, the bench measures on more photos. */
export function expectClosed(story: LoopStory): void {
  expect(story.windowsToAlert).toBeLessThanOrEqual(3);
  expect(story.states).toEqual(['replaying', 'shadow', 'canary', 'canary', 'promoted']);
  expect(story).toMatchObject({ promotes: 1, lostLabels: 0 });
  expect(story.accuracy.after).toBeGreaterThan(story.accuracy.before);
  expect(story.behind.low).toBeLessThanOrEqual(0.06);
}
