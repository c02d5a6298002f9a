import { canaryAnalysis } from './feedback/canary.ts';
import { estimate } from './feedback/estimate.ts';
import { falseAlarms } from './feedback/false-alarms.ts';
import { importLabels } from './feedback/import.ts';
import { million } from './feedback/million.ts';
import { mmd } from './feedback/mmd.ts';
import { noise } from './feedback/noise.ts';
import { power } from './feedback/power.ts';
import { rollback } from './feedback/rollback.ts';
import { scenario, scenarioKilled } from './feedback/scenario.ts';
import type { Bench, BenchContext, Figure } from './figure.ts';

interface Part {
  about: string;
  measure: (context: BenchContext) => Promise<Figure[]>;
  /** Also measured on drawn leaves. Default: real photos only. */
  needsNoPhotos?: boolean;
}

const parts: Record<string, Part> = {
  'false-alarms': {
    about:
      'Each drift monitor alone at alpha 0.05, before any correction, on plantvillage photos that no training saw: a reference of 300 and a window, both drawn anew each time',
    measure: falseAlarms,
  },
  power: {
    about: "What the monitors find in one window of plantvillage photos, against the model's own reference",
    measure: power,
  },
  mmd: { about: 'Maximum mean discrepancy of whole embeddings', measure: mmd },
  million: {
    about: 'A worker judges a day of a million requests beside a server',
    measure: million,
    needsNoPhotos: true,
  },
  import: {
    about: 'Verdicts on a million logged requests, from a CSV file',
    measure: importLabels,
    needsNoPhotos: true,
  },
  estimate: { about: 'Accuracy without labels, under shifted shares of the labels', measure: estimate },
  scenario: {
    about:
      'The whole loop by itself, `mitate up` and labels over HTTP: the world changes, and a new model earns the traffic',
    measure: scenario,
  },
  kills: {
    about: 'The same, with server or worker killed every 8 to 40 seconds',
    measure: scenarioKilled,
    needsNoPhotos: true,
  },
  noise: {
    about: 'Flipped labels among those that the Evaluator lists as suspicious, on plantvillage',
    measure: noise,
  },
  canary: {
    about:
      'The sequential tests of a canary: how often they turn back a candidate that is as good, and find one that is worse',
    measure: canaryAnalysis,
    needsNoPhotos: true,
  },
  rollback: {
    about: 'Canaries that break beside `mitate serve` and `mitate worker`: how long they still serve clients',
    measure: rollback,
    needsNoPhotos: true,
  },
};

/** Each part is a bench of its own: they take minutes to an hour. */
export const benches: readonly Bench[] = Object.entries(parts).map(([name, { about, measure, needsNoPhotos }]) => ({
  name: `feedback/${name}`,
  about,
  async run(context) {
    if (context.data || needsNoPhotos) return measure(context);
    context.log('skipped: needs real photos (--data <folder>)');
    return [];
  },
}));
