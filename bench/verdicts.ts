import type { Bench, BenchContext, Figure } from './figure.ts';
import { labelSets } from './verdicts/label-sets.ts';
import { refusal } from './verdicts/refusal.ts';

interface Part {
  about: string;
  measure: (context: BenchContext) => Promise<Figure[]>;
}

const parts: Record<string, Part> = {
  refusal: {
    about:
      'Photos of what a model was not trained on, through the models of plantvillage without one plant and of beans, at the default settings of an endpoint. The drawn pictures are of other kinds than those that the detector learns from; the distance of refusal, not that of the warning, was chosen on other noises, textures, faces and texts',
    measure: refusal,
  },
  'label-sets': {
    about:
      'Label sets with a promised coverage of 90 %, calibrated on half of the eval split and measured on the test split, of models with half of the photos for training. Near-duplicates are in one split. The interval treats the photos of all seeds as different ones, which they are not quite',
    measure: labelSets,
  },
};

/** Each part is a bench of its own. */
export const benches: readonly Bench[] = Object.entries(parts).map(([name, { about, measure }]) => ({
  name: `verdicts/${name}`,
  about,
  async run(context) {
    if (context.data) return measure(context);
    context.log('skipped: needs real photos (--data <folder>)');
    return [];
  },
}));
