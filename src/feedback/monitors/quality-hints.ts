import { shareMonitor } from './share-monitor.ts';

export const qualityHints = shareMonitor({
  kind: 'quality-hints',
  about: 'the share of photos that are too dark, too bright, blurred or too small',
  remedy: 'Show the hint to the people who take the photos, and check for a changed app or camera.',
  is: ({ quality }) => quality.length > 0,
  of: ({ properties }) => properties !== null,
  unit: 'with a quality hint',
});
