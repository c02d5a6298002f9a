import { weightedShare } from '../../math/metrics/weighted-share.ts';
import { defineMonitor } from './monitor-kind.ts';
import { confidenceOf, topIds } from './movers.ts';
import { accuracyFloor, belowFloor, rangeText } from './shares.ts';

/** From labels, weighted because photos queued for review are not representative. */
export const measuredAccuracy = defineMonitor({
  kind: 'measured-accuracy',
  about: 'the share of correct answers among labelled requests',
  remedy: 'Retrain with the new labels ("mitate trigger run"), or roll back if accuracy fell with a version.',
  parameters: accuracyFloor(0.9),
  isDrift: false,
  uses: ({ truth, label }) => truth !== null && truth.weight > 0 && label !== null,
  judge({ window, parameters: { min } }) {
    const hits = window.map(({ label, truth }) => (label === truth!.label ? 1 : 0));
    const accuracy = weightedShare(
      hits,
      window.map(({ truth }) => truth!.weight),
    );
    return {
      ...belowFloor(accuracy, min),
      said: `accuracy ${rangeText(accuracy)} on ${window.length} labelled requests`,
      movers: topIds(window, (each) => (each.label === each.truth!.label ? Number.NaN : confidenceOf(each))),
      details: { labelled: window.length },
    };
  },
});
