import { weightedShare } from '../../math/metrics/weighted-share.ts';
import type { LabelledCount } from '../../store/reports/contract.ts';

/** Accuracy of an endpoint by the labels that there are, however few: the interval says how much they tell. */
export interface MeasuredAccuracy {
  endpoint: string;
  /** `period`: photos of the period, whenever labelled. `earlier`: older photos that were first labelled in the period. */
  photos: 'period' | 'earlier';
  labelled: number;
  right: number;
  /** Picked for review because they are hard: they represent no other photos, and do not count in the accuracy. */
  picked: number;
  /** 0..1, with its 95 % interval; null = all labelled photos were picked. */
  accuracy: { value: number; low: number; high: number } | null;
}

/** By endpoint; of each the photos of the period first. */
export function measuredAccuracy(counts: readonly LabelledCount[]): MeasuredAccuracy[] {
  const groups = Map.groupBy(counts, ({ endpoint, isEarlier }) => JSON.stringify([endpoint, isEarlier]));
  return [...groups.values()].map((group) => {
    const { endpoint, isEarlier } = group[0]!;
    const counted = group.filter(({ weight }) => weight > 0);
    const sample = counted.flatMap(({ photos, ...each }) => Array.from({ length: photos }, () => each));
    const share = weightedShare(
      sample.map(({ isRight }) => Number(isRight)),
      sample.map(({ weight }) => weight),
    );
    return {
      endpoint,
      photos: isEarlier ? 'earlier' : 'period',
      labelled: photosOf(group),
      right: photosOf(group.filter(({ isRight }) => isRight)),
      picked: photosOf(group) - sample.length,
      accuracy: sample.length === 0 ? null : share,
    };
  });
}

export interface SeverityAccuracy extends Pick<MeasuredAccuracy, 'endpoint' | 'labelled' | 'right' | 'accuracy'> {
  /** Grade, 0..5. */
  severity: number;
}

/** The same of the photos of the period that labellers graded, by grade. */
export function accuracyBySeverity(counts: readonly LabelledCount[]): SeverityAccuracy[] {
  const graded = counts.filter(({ isEarlier, severity }) => !isEarlier && severity !== null);
  return [...Map.groupBy(graded, ({ severity }) => severity!)]
    .flatMap(([severity, group]) => measuredAccuracy(group).map((measured) => ({ ...measured, severity })))
    .sort((a, b) => (a.endpoint === b.endpoint ? a.severity - b.severity : a.endpoint < b.endpoint ? -1 : 1));
}

const photosOf = (group: readonly LabelledCount[]) => group.reduce((sum, { photos }) => sum + photos, 0);
