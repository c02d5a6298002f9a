import { percent } from '../../codecs/percent.ts';
import type { Agreement, Labeller } from '../../contracts/loop/labellers.ts';

/** Rows `[endpoint, of, photos, agreed, alpha]`: all labellers, each label, each pair. */
export function agreementRows(found: readonly Agreement[]): (string | number | null)[][] {
  return found.flatMap(({ endpoint, photos, contradicted, labellers, alpha, labels, pairs }) => [
    [endpoint, `all ${labellers} labellers`, photos, photos - contradicted, alphaText(alpha)],
    ...labels.map((each) => [endpoint, `label ${each.label}`, each.photos, null, alphaText(each.alpha)]),
    ...pairs.map((each) => [endpoint, each.labellers.join(' and '), each.photos, each.agreed, alphaText(each.alpha)]),
  ]);
}

const alphaText = (alpha: Agreement['alpha']) =>
  alpha === null
    ? 'unknown: one label only'
    : `${alpha.value.toFixed(2)} (${alpha.low.toFixed(2)} to ${alpha.high.toFixed(2)})`;

export const accuracyText = (accuracy: Labeller['accuracy']): string | null =>
  accuracy && `${percent(accuracy.value)} (${percent(accuracy.low)} to ${percent(accuracy.high)})`;
