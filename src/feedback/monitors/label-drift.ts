import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import { binnedTest } from '../../math/drift/binned-test.ts';
import { jsDistance } from '../../math/drift/js-divergence.ts';
import { psi } from '../../math/drift/psi.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';
import { permutationsFor } from './permutations.ts';
import { tolerance } from './shares.ts';

export const labelDrift = defineMonitor({
  kind: 'label-drift',
  about: 'whether predicted labels are as frequent as in the reference',
  remedy: 'If the real shares changed, review thresholds and costs; if not, look at the photos of the label that grew.',
  parameters: z.object({
    statistic: z.enum(['psi', 'js']).default('js'),
    /** For js; psi is no distance. */
    tolerance: tolerance(0.1),
  }),
  isDrift: true,
  uses: ({ label }) => label !== null,
  judge({ reference, window, parameters: { statistic, tolerance }, seed, alpha, onChance }) {
    const labels = [...new Set([...reference, ...window].map(({ label }) => label!))].sort();
    const bins = [...reference, ...window].map(({ label }) => labels.indexOf(label!));
    const divergence = statistic === 'psi' ? psi : jsDistance;
    const test = binnedTest(bins, reference.length, labels.length, divergence, {
      seed,
      permutations: permutationsFor(alpha),
      tolerance: statistic === 'psi' ? 0 : tolerance,
      onDraw: onChance,
    });
    const moves = labels.map((label) => {
      const share = (of: typeof window) => of.filter((each) => each.label === label).length / of.length;
      return { label, before: share(reference), now: share(window) };
    });
    const most = moves.reduce((top, move) =>
      Math.abs(move.now - move.before) > Math.abs(top.now - top.before) ? move : top,
    );
    const grew = moves.reduce((top, move) => (move.now - move.before > top.now - top.before ? move : top));
    return {
      ...byP(test.p, alpha),
      statistic: test.statistic,
      interval: null,
      said: `share of ${most.label} ${percent(most.before)} -> ${percent(most.now)}`,
      movers: topIds(window, ({ label, score }) => (label === grew.label ? score! : Number.NaN)),
      details: { measure: statistic, reference: reference.length, window: window.length, shares: moves },
    };
  },
});
