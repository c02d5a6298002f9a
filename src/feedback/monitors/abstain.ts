import { shareMonitor } from './share-monitor.ts';

export const abstain = shareMonitor({
  kind: 'abstain',
  about: 'the share of answers that are "uncertain"',
  remedy: 'Label them ("mitate review list"): uncertain photos are worth most to the next training.',
  is: ({ uncertain }) => uncertain,
  said: 'uncertain',
});
