import type { Bench, BenchContext, Figure } from './figure.ts';
import { alarms } from './verdicts/alarms.ts';
import { estimate } from './verdicts/estimate.ts';

interface Part {
  about: string;
  measure: (context: BenchContext) => Promise<Figure[]>;
}

const parts: Record<string, Part> = {
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
export const benches: readonly Bench[] = Object.entries(parts).map(([name, { about, measure }]) => ({
  name: `verdicts/${name}`,
  about,
  async run(context) {
    if (context.data) return measure(context);
    context.log('skipped: needs real photos (--data <folder>)');
    return [];
  },
}));
