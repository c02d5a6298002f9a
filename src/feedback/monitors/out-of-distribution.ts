import { shareMonitor } from './share-monitor.ts';

export const outOfDistribution = shareMonitor({
  kind: 'out-of-distribution',
  about: 'the share of photos far from the training photos',
  remedy: 'Look at the photos: for other objects, add guidance to the app; for a new kind of leaf, label and retrain.',
  is: ({ outOfDistribution }) => outOfDistribution,
  of: ({ label, outOfDistributionScore }) => label !== null && outOfDistributionScore !== null,
  unit: 'far from the training photos',
});
