import { type Html, html } from '../../../codecs/html.ts';
import type { Blessing } from '../../../contracts/artifacts/blessing.ts';
import type { RefusalReference } from '../../../contracts/artifacts/drift-reference.ts';
import {
  type Evaluation,
  type IntervalJson,
  type MetricName,
  metricNames,
} from '../../../contracts/artifacts/evaluation.ts';
import { wilsonInterval } from '../../../math/stats/proportion.ts';

const metricTitles: Record<MetricName, string> = {
  auc: 'ROC AUC',
  prAuc: 'PR AUC',
  accuracy: 'Accuracy',
  balancedAccuracy: 'Balanced accuracy',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  brier: 'Brier score',
  nll: 'Log loss (nats)',
  ece: 'Calibration error (ECE)',
};

const number = (value: number | null | undefined) => (value === null || value === undefined ? '–' : value.toFixed(4));

export function cell({ value, low, high }: IntervalJson): Html {
  return html`<td class="n">${number(value)} <small>${low === null ? '' : `${number(low)} – ${number(high)}`}</small></td>`;
}

/** Metrics with 95 % intervals of the model and, if there are any, of its head and of the baseline. */
export function metricsTable({ metrics, headMetrics, baseline, labels }: Evaluation): Html {
  return html`<table><thead><tr><th>Metric</th><th>Model</th>
${headMetrics && html`<th>Head of ${labels.length} labels</th>`}${baseline && html`<th>Baseline</th><th>Difference</th>`}</tr></thead>
<tbody>${metricNames.map(
    (name) => html`<tr><th>${metricTitles[name]}</th>${cell(metrics[name])}${headMetrics && cell(headMetrics[name])}
${baseline && html`${cell(baseline.metrics[name])}${cell(baseline.difference[name])}`}</tr>`,
  )}</tbody></table>`;
}

export function checksTable({ checks, unchecked = [] }: Blessing): Html {
  return html`<table><thead><tr><th>Check</th><th>Value</th><th>Threshold</th><th></th></tr></thead>
<tbody>${checks.map(
    (
      check,
    ) => html`<tr class="${check.passed ? 'passed' : 'failed'}"><th>${check.name}</th><td class="n">${number(check.value)}</td>
<td class="n">${check.threshold}</td><td>${check.passed ? 'passed' : check.code}</td></tr>`,
  )}${unchecked.map((what) => html`<tr><th>${what}</th><td></td><td></td><td>not checked</td></tr>`)}</tbody></table>`;
}

const sliceColumns: readonly MetricName[] = ['auc', 'precision', 'recall', 'f1', 'accuracy'];

export function slicesTable({ slices }: Evaluation): Html {
  return html`<table><thead><tr><th>Slice</th><th>Photos</th>${sliceColumns.map((name) => html`<th>${metricTitles[name]}</th>`)}</tr></thead>
<tbody>${slices.map(
    ({ by, value, examples, metrics }) =>
      html`<tr><th>${by}: ${value}</th><td class="n">${examples}</td>${sliceColumns.map((name) => cell(metrics[name]))}</tr>`,
  )}</tbody></table>`;
}

/** Metrics on golden sets: photos that never train and on which versions are compared. */
export function goldenTable({ golden }: Evaluation): Html {
  const hasBaseline = golden.some(({ baseline }) => baseline !== null);
  return html`<table><thead><tr><th>Set</th><th>Photos</th>${goldenColumns.map((name) => html`<th>${metricTitles[name]}</th>${hasBaseline && html`<th>Difference</th>`}`)}</tr></thead>
<tbody>${golden.map(
    ({ set, photos, unknown, missing, trained = 0, metrics, baseline }) =>
      html`<tr><th>${set}</th><td class="n">${photos}${unknown + missing + trained > 0 && html` <small>${unknown} with a label unknown to the model, ${missing} missing, ${trained} left out: trained on</small>`}</td>${goldenColumns.map(
        (name) =>
          html`${cell(metrics[name])}${hasBaseline && (baseline ? cell(baseline.difference[name]) : html`<td class="n">–</td>`)}`,
      )}</tr>`,
  )}</tbody></table>`;
}

const goldenColumns: readonly MetricName[] = ['auc', 'balancedAccuracy', 'accuracy'];

/** What an endpoint says of photos like and unlike those of training, unless it is set otherwise. */
export function refusalTable({ above, own, others }: RefusalReference): Html {
  const share = (count: number, photos: number) => {
    const { low, high } = wilsonInterval(count, photos);
    return cell({ value: photos === 0 ? null : count / photos, low: photos === 0 ? null : low, high });
  };
  return html`<table><thead><tr><th>Photos</th><th>Number</th><th>Answered</th><th>Warned of</th><th>Refused</th></tr></thead>
<tbody>${[{ what: 'eval split', ...own }, ...others].map(
    ({ what, photos, warned, refused }) =>
      html`<tr><th>${what}</th><td class="n">${photos}</td>${share(photos - warned - refused, photos)}${share(warned, photos)}${share(refused, photos)}</tr>`,
  )}</tbody></table>
<p>Shares with 95 % intervals, measured in training. A photo is refused from distance ${above.toFixed(2)} on, where 1 is the distance from
which a photo is warned of. Each half of the eval split and of the drawn pictures is judged by limits that were chosen without it, and a label
left out by parts that were fitted without it: other subjects in similar photos are the hardest to tell.</p>`;
}

/** Rows true, columns predicted; the shade is the share of the row. */
export function confusionTable({ confusion, labels }: Pick<Evaluation, 'confusion' | 'labels'>): Html {
  return html`<div class="wide"><table class="confusion"><thead><tr><th>true \\ predicted</th>${labels.map((label) => html`<th><span>${label}</span></th>`)}</tr></thead>
<tbody>${confusion.map((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return html`<tr><th>${labels[truth]}</th>${row.map((count, k) => {
      const share = total ? count / total : 0;
      return html`<td class="${k === truth ? 'hit' : 'miss'}" style="--share:${share.toFixed(3)}">${count || ''}</td>`;
    })}</tr>`;
  })}</tbody></table></div>`;
}
