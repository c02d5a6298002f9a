import { shareMonitor } from './share-monitor.ts';

export const abstain = shareMonitor({
  kind: 'abstain',
  about: 'the share of answers that are "uncertain"',
  remedy: 'Label these photos ("mitate review list"): uncertain ones help the next training most.',
  is: ({ uncertain }) => uncertain,
  unit: 'uncertain',
});
