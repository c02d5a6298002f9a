import { shareMonitor } from './share-monitor.ts';

export const qualityHints = shareMonitor({
  kind: 'quality-hints',
  about: 'the share of photos that are too dark, too bright, blurred or too small',
  remedy: 'Show the hint to whoever takes the photos, and look for an app or a camera that changed.',
  is: ({ quality }) => quality.length > 0,
  of: ({ properties }) => properties !== null,
  said: 'with a quality hint',
});
