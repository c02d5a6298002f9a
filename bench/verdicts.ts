import type { Bench, BenchContext, Figure } from './figure.ts';
import { alarms } from './verdicts/alarms.ts';
import { estimate } from './verdicts/estimate.ts';
import { heatMaps } from './verdicts/heat-maps.ts';
import { labelSets } from './verdicts/label-sets.ts';
import { refusal } from './verdicts/refusal.ts';
import { robustness } from './verdicts/robustness.ts';

interface Part {
  about: string;
  measure: (context: BenchContext) => Promise<Figure[]>;
  /** Measures drawn leaves when there are no real photos. */
  needsNoData?: true;
}

const parts: Record<string, Part> = {
  refusal: {
    about:
      'Photos of what a model was not trained on, through the models of plantvillage without one plant and of beans, at the default settings of an endpoint. The drawn pictures are of other kinds than those that the detector learns from; the distance of refusal, not that of the warning, was chosen on other noises, textures, faces and texts',
    measure: refusal,
  },
  robustness: {
    about:
      'Models as the scaffolded pipeline trains them, of drawn leaves, plantvillage and beans, on photos of their test split that are altered, against the same photos unaltered (paired). A photo without a clear subject gets no other background',
    measure: robustness,
    needsNoData: true,
  },
  'heat-maps': {
    about:
      'Heat maps of the same models. Deletion and insertion: areas between the curves of the map and of the same map moved to a random place. Lesions are known on drawn leaves only',
    measure: heatMaps,
    needsNoData: true,
  },
  'label-sets': {
    about:
      'Label sets with a promised coverage of 90 %, calibrated on half of the eval split and measured on the test split, of models with half of the photos for training. Near-duplicates are in one split. The interval treats the photos of all seeds as different ones, which they are not quite',
    measure: labelSets,
  },
  estimate: {
    about:
      'Accuracy without labels, on plantvillage photos that no training saw, changed in ways from whose kinds the estimate did not learn, and on field photos of another plant',
    measure: estimate,
  },
  alarms: {
    about:
      'All default monitors together, every day of a year, by the policy of alarms, on traffic whose mix, light and volume wander from day to day',
    measure: alarms,
  },
};

/** Each part is a bench of its own. */
export const benches: readonly Bench[] = Object.entries(parts).map(([name, { about, measure, needsNoData }]) => ({
  name: `verdicts/${name}`,
  about,
  async run(context) {
    if (context.data || needsNoData) return measure(context);
    context.log('skipped: needs real photos (--data <folder>)');
    return [];
  },
}));
