import { z } from 'zod';
import { largestMove } from './largest-move.ts';
import { defineMonitor } from './monitor-kind.ts';
import { tolerance } from './shares.ts';

const words = { border: 'attention at the border', entropy: 'entropy of attention' };

/**
 * Attention at the photo's border, and its entropy. Heat maps are requested mostly for "unwell", so photos are compared within the same answer.
 */
export const heatMapDrift = defineMonitor({
  kind: 'heat-map-drift',
  about: "whether the model's attention is distributed as before",
  remedy: 'Open the heat maps: attention at the border means that the background decides, not the leaf.',
  parameters: z.object({ tolerance: tolerance(0.1) }),
  isDrift: true,
  uses: ({ attention }) => attention !== null,
  judge(check) {
    const { reference, window } = check;
    const labels = [...reference, ...window].map(({ label }) => label);
    const groups = [...Map.groupBy(labels.keys(), (i) => labels[i]).values()];
    const measured = largestMove(check, ['border', 'entropy'], ({ attention }, name) => attention![name], groups);
    const { name, before, now } = measured.largest;
    return {
      ...measured.judged,
      said: `${words[name]} ${before.toFixed(3)} -> ${now.toFixed(3)}`,
      details: { reference: reference.length, window: window.length, measures: measured.moves },
    };
  },
});
