import { z } from 'zod';
import { currencySchema } from '../../contracts/loop/behaviour.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { countByKey } from '../../math/stats/group-by-key.ts';
import { sessionMean } from '../../math/stats/session-ratio.ts';
import { byP, defineMonitor } from '../monitors/monitor-kind.ts';
import { topIds } from '../monitors/movers.ts';
import { sessionChange, sessionSums } from './sessions.ts';

/** Stands for values that were sent without a currency. */
const noCurrency = 'none';
const unnamed = 'name the currency of the values, such as EUR, or "none"; values in two currencies are never added';
const hourMs = 3_600_000;

/** Of all answered photos: one without a business event is worth nothing. */
export const valuePerRequest = defineMonitor({
  kind: 'value-per-request',
  about: 'whether predictions are worth as much as before, by business events in one currency',
  remedy: 'Compare the funnel before and after ("mitate feedback behaviour"); roll back if it fell with a version.',
  parameters: z.object({
    currency: z
      .string({ error: unnamed })
      .refine((code) => code === noCurrency || currencySchema.safeParse(code).success, unnamed),
    /** Later events do not count, and younger photos are left out, so that new photos compare with old ones. */
    withinHours: z.number().positive().max(8_760).default(24),
  }),
  example: { currency: 'EUR' },
  isDrift: true,
  uses: ({ label }) => label !== null,
  settlesMs: ({ withinHours }) => withinHours * hourMs,
  judge({ reference, window, parameters: { currency, withinHours }, ...check }) {
    const wanted = currency === noCurrency ? null : currency;
    const valuesOf = ({ behaviour }: Observation) =>
      (behaviour?.values ?? []).filter(({ afterMs }) => afterMs <= withinHours * hourMs);
    const worthOf = (each: Observation) =>
      valuesOf(each).reduce((sum, { currency: of, value }) => (of === wanted ? sum + value : sum), 0);
    const p = sessionChange(reference, window, worthOf, { ...check, worse: 'lower' });
    const [was, now] = [sessionMean(sessionSums(reference, worthOf)), sessionMean(sessionSums(window, worthOf))];
    const others = window.flatMap(valuesOf).filter((value) => value.currency !== wanted);
    const otherCounts = countByKey(others, (value) => value.currency ?? noCurrency);
    const unit = wanted === null ? '' : ` ${wanted}`;
    const left = Object.entries(otherCounts).map(
      ([of, count]) => `; ${count} values ${of === noCurrency ? 'without a currency' : `in ${of}`} do not count`,
    );
    return {
      ...byP(p, check.alpha),
      statistic: now.value,
      interval: now.low === null ? null : { low: now.low, high: now.high! },
      said: `${was.value.toFixed(3)} -> ${now.value.toFixed(3)}${unit} a request${left.join('')}`,
      movers: topIds(window, (each) => (worthOf(each) < 0 ? -worthOf(each) : Number.NaN)),
      details: { currency, reference: reference.length, window: window.length, otherCurrencies: otherCounts },
    };
  },
});
