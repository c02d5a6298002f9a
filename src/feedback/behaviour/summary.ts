import type { ArmBehaviour, Behaviour, Rate, SessionSums } from '../../contracts/loop/behaviour.ts';
import { sessionMean, sessionShare } from '../../math/stats/session-ratio.ts';

/** What users did with the predictions of one version in one role, for people. */
export function behaviourOf(arm: ArmBehaviour): Behaviour {
  const { endpoint, modelName, modelVersion, role, answered, sessions, measures, values } = arm;
  const { seen, acted, reported, decided, accepted, overridden, retaken, abandoned } = measures;
  return {
    endpoint,
    model: modelVersion === null ? modelName : `${modelName}@${modelVersion}`,
    role,
    answered,
    sessions,
    funnel: { seen: rateOf(seen), acted: rateOf(acted), reported: rateOf(reported) },
    rates: {
      decided: rateOf(decided),
      accepted: rateOf(accepted),
      overridden: rateOf(overridden),
      retaken: rateOf(retaken),
      abandoned: rateOf(abandoned),
    },
    helped: rateOf(measures.helped),
    decision: decisionOf(measures.logTime),
    values: values.map(({ currency, events, sums }) => ({
      currency,
      events,
      sum: sums.y,
      perRequest: sessionMean(sums),
    })),
  };
}

export function rateOf(sums: SessionSums): Rate {
  const { y: count, n: of } = sums;
  if (of === 0) return { count, of, share: null, low: null, high: null };
  const { value, low, high } = sessionShare(sums);
  return { count, of, share: value, low, high };
}

function decisionOf(logTime: SessionSums): Behaviour['decision'] {
  if (logTime.n === 0) return null;
  const { value, low, high } = sessionMean(logTime);
  const seconds = (logMs: number) => Math.exp(logMs) / 1_000;
  return {
    photos: logTime.n,
    value: seconds(value),
    low: low === null ? null : seconds(low),
    high: high === null ? null : seconds(high),
  };
}
