import { shareMonitor } from './share-monitor.ts';

export const outOfDistribution = shareMonitor({
  kind: 'out-of-distribution',
  about: 'the share of photos far from the training photos',
  remedy: 'Look at the photos: other objects call for a word in the app, a new kind of leaf for labels and retraining.',
  is: ({ outOfDistribution }) => outOfDistribution,
  of: ({ label, outOfDistributionScore }) => label !== null && outOfDistributionScore !== null,
  said: 'far from the training photos',
});
