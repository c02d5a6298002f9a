import type { PhotoBehaviour } from '../../src/contracts/loop/behaviour.ts';
import type { Observation } from '../../src/contracts/loop/monitor.ts';

let next = 0;

/** An answered photo of a window, with what a test says of it. */
export function observation(said: Partial<Observation> = {}): Observation {
  return {
    id: `photo-${++next}`,
    atMs: 1_700_000_000_000 + next,
    status: 200,
    label: 'healthy',
    score: 0.2,
    probabilities: [0.8, 0.2],
    uncertain: false,
    quality: [],
    outOfDistribution: false,
    outOfDistributionScore: 0.3,
    properties: null,
    projection: null,
    attention: null,
    latencyMs: 20,
    attributes: {},
    truth: null,
    ...said,
  };
}

/** One for each number up to `count`. */
export function observations(count: number, said: (i: number) => Partial<Observation> = () => ({})): Observation[] {
  return Array.from({ length: count }, (_, i) => observation(said(i)));
}

/** What a user decided about a photo, in a session of its own. */
export function decided(decision: PhotoBehaviour['decision']): PhotoBehaviour {
  const nothing = { decisionMs: null, values: [], outcome: null };
  return { session: `session-${++next}`, seen: true, decision, ...nothing };
}
