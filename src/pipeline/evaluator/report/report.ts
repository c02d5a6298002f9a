import { type Html, html } from '../../../codecs/html.ts';
import type { BackgroundProbe } from '../../../contracts/artifacts/anomalies.ts';
import type { Blessing } from '../../../contracts/artifacts/blessing.ts';
import type { RefusalReference } from '../../../contracts/artifacts/drift-reference.ts';
import type { Evaluation } from '../../../contracts/artifacts/evaluation.ts';
import { precisionText } from '../../../contracts/artifacts/precision.ts';
import { smallSplit } from '../small-split.ts';
import { suspectsInTest } from '../suspects-in-test.ts';
import { unitChart } from './charts.ts';
import { explanationsSection } from './explanations.ts';
import { gallery, type Picture } from './gallery.ts';
import { promises } from './operating-point.ts';
import { robustnessSection } from './robustness.ts';
import { style } from './style.ts';
import { suspects } from './suspects.ts';
import { checksTable, confusionTable, goldenTable, metricsTable, refusalTable, slicesTable } from './tables.ts';
import { type Subject, titleOf } from './title.ts';

export interface ReportInput {
  subject: Subject;
  evaluation: Evaluation;
  blessing: Blessing | null;
  /** By sha256. */
  pictures: ReadonlyMap<string, Picture>;
  /** Null = not run, or not wired to the Evaluator. */
  probe: BackgroundProbe | null;
  /** Of the model. Null in models from before it was measured. */
  refusal: RefusalReference | null;
}

/** The Evaluator's report: one self-contained HTML page, every label and file name escaped. */
export function reportPage(input: ReportInput): string {
  const { evaluation, blessing, pictures } = input;
  const title = titleOf(input.subject);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style></head><body>
<header><h1>${title}</h1><p class="verdict">${verdict(blessing)}</p><p>${evaluation.examples} test photos in ${evaluation.groups} groups, ${evaluation.labels.length} labels.
Model ${evaluation.modelDigest.slice(0, 12)}${evaluation.baselineDigest && html`, baseline ${evaluation.baselineDigest.slice(0, 12)}`}.
Intervals are 95 %, over groups: Wilson's for proportions, else bootstrap.</p>
${evaluation.precision && html`<p>The evaluated file, which is served: ${precisionText(evaluation.precision)}.</p>`}</header>
${blessing && html`<h2>Checks</h2>${checksTable(blessing)}`}
<h2>Metrics</h2>${metricsTable(evaluation)}${caveats(input)}
<h2>Curves</h2><div class="row">${charts(evaluation)}</div>
${promises(evaluation)}
<h2>Confusion matrix</h2>${confusionTable(evaluation)}
<h2>Slices</h2>${slicesTable(evaluation)}
${evaluation.golden.length > 0 && html`<h2>Golden sets</h2>${goldenTable(evaluation)}`}
${robustnessSection(evaluation)}
${evaluation.explanations && explanationsSection(evaluation.explanations)}
${input.refusal && html`<h2>Photos of something else</h2>${refusalTable(input.refusal)}`}
${mistakes(input)}${suspects(evaluation, pictures)}
</body></html>`;
  return page.text;
}

function verdict(blessing: Blessing | null): Html {
  if (!blessing) return html`Evaluated without thresholds`;
  return blessing.blessed
    ? html`<span class="passed">Blessed</span>`
    : html`<span class="failed">Not blessed</span>: ${blessing.message}`;
}

function caveats({ evaluation, probe }: ReportInput): Html {
  const groups = {
    none: 'Photos were split one by one: if several show one object, these metrics are too good.',
    'near-duplicate':
      'Photos were grouped by similarity, not by object. Dissimilar photos of one object may be in different splits, so these metrics may be too good.',
    attribute: '',
  }[evaluation.groupBy];
  const small = smallSplit(evaluation);
  const doubted = suspectsInTest(evaluation);
  return html`<ul class="caveats">${groups && html`<li>${groups}</li>`}
${small && html`<li><strong>The test split is small:</strong> ${small}.</li>`}
${
  doubted &&
  html`<li><strong>Suspicious labels in the test split:</strong> ${doubted}. Look at <a href="#suspicious">the suspicious labels</a>, correct
those that are wrong with <code>mitate data relabel</code>, and run again.</li>`
}
<li>With this number of photos, even a perfectly calibrated model has a calibration error of ${(100 * evaluation.eceFloor).toFixed(2)} points.</li>
${
  probe?.fires &&
  html`<li><strong>The background predicts the labels:</strong> 8 border pixels alone reach ${(100 * probe.accuracy).toFixed(1)} % balanced accuracy
(chance: ${(100 * probe.chance).toFixed(1)} %). A model may use the background: expect worse metrics on photos from elsewhere.</li>`
}</ul>`;
}

function charts(evaluation: Evaluation): Html[] {
  const reliability = unitChart({
    title: 'Reliability (15 bins of equal mass)',
    x: 'predicted probability',
    y: 'observed share',
    diagonal: true,
    series: {
      points: evaluation.reliability.map(({ confidence, accuracy }) => ({ x: confidence, y: accuracy })),
      dots: true,
    },
  });
  const curve = evaluation.curve;
  if (!curve) return [reliability];
  const inUse = curve.findLast(({ threshold }) => threshold === null || threshold >= evaluation.threshold);
  return [
    unitChart({
      title: `ROC (dot: threshold ${evaluation.threshold.toFixed(3)})`,
      x: 'false positive rate',
      y: 'recall',
      diagonal: true,
      series: { points: curve.map(({ falsePositiveRate, recall }) => ({ x: falsePositiveRate, y: recall })) },
      ...(inUse && { mark: { x: inUse.falsePositiveRate, y: inUse.recall } }),
    }),
    unitChart({
      title: 'Precision and recall',
      x: 'recall',
      y: 'precision',
      series: { points: curve.map(({ recall, precision }) => ({ x: recall, y: precision })) },
      ...(inUse && { mark: { x: inUse.recall, y: inUse.precision } }),
    }),
    reliability,
  ];
}

function mistakes({ evaluation, pictures }: ReportInput): Html {
  if (evaluation.mistakes.length === 0)
    return html`<h2>Worst mistakes</h2><p>None: every test photo was classified correctly.</p>`;
  const cards = evaluation.mistakes.map(({ sha256, filename, label, answer, probability }) => ({
    sha256,
    file: filename,
    title: html`<strong>${label}</strong> classified as ${answer} (${(100 * probability).toFixed(1)} %)`,
  }));
  return html`<h2>Worst mistakes</h2><p>The heat maps show what supported the prediction.</p>${gallery(cards, pictures)}`;
}
