import { type Html, html } from '../../../codecs/html.ts';
import { percent } from '../../../codecs/percent.ts';
import type { Evaluation, IntervalJson } from '../../../contracts/artifacts/evaluation.ts';
import { ruleText } from '../../../contracts/artifacts/operating-point.ts';
import { cell, confusionTable } from './tables.ts';

/** What the threshold of a question gives and costs, and whether label sets keep their promise. */
export function promises({ operatingPoint: point, labelSets: sets, task }: Evaluation): Html {
  return html`${point && task.kind === 'question' && pointSection(point, [task.negative, task.positive])}${sets && setsSection(sets)}`;
}

type Sliced = { by: string; value: string; examples: number };

function table<S extends Sliced>(
  columns: readonly (readonly [title: string, of: (measured: Omit<S, keyof Sliced>) => IntervalJson])[],
  all: Omit<S, keyof Sliced>,
  slices: readonly S[],
): Html {
  const cells = (measured: Omit<S, keyof Sliced>) => columns.map(([, of]) => cell(of(measured)));
  return html`<table><thead><tr><th>Photos</th><th>Number</th>${columns.map(([title]) => html`<th>${title}</th>`)}</tr></thead>
<tbody><tr><th>all</th><td></td>${cells(all)}</tr>${slices.map(
    (slice) => html`<tr><th>${slice.by}: ${slice.value}</th><td class="n">${slice.examples}</td>${cells(slice)}</tr>`,
  )}</tbody></table>`;
}

function pointSection(point: NonNullable<Evaluation['operatingPoint']>, labels: string[]): Html {
  type Slice = (typeof point.slices)[number];
  const hasCosts = point.cost.value !== null;
  const rule = point.rule === null ? '' : `, chosen for: ${ruleText(point.rule)}`;
  return html`<h2>Operating point</h2><p>"${labels[1]}" from P = ${point.threshold.toFixed(3)} on${rule}. It was chosen on eval photos; the table shows what it gives on the
test photos. Every slice has the same threshold.</p>${confusionTable({ confusion: point.confusion, labels })}
${table<Slice>(
  [
    ['Sensitivity', ({ sensitivity }) => sensitivity],
    ['Specificity', ({ specificity }) => specificity],
    [`Answered "${labels[1]}"`, ({ positiveShare }) => positiveShare],
    ...(hasCosts ? ([['Cost per photo', ({ cost }: Pick<Slice, 'cost'>) => cost]] as const) : []),
  ],
  point,
  point.slices,
)}`;
}

function setsSection(sets: NonNullable<Evaluation['labelSets']>): Html {
  type Slice = (typeof sets.slices)[number];
  const { low, high } = sets.coverage;
  const isKept = low !== null && high !== null && low <= sets.promised && sets.promised <= high;
  const verdict = isKept
    ? 'The interval of the measured share contains the promise.'
    : (low ?? 0) > sets.promised
      ? 'More photos do: the sets are larger than they need to be.'
      : html`<strong>Fewer photos do: the promise does not hold on these photos.</strong>`;
  return html`<h2>Label sets</h2><p>Promised: ${percent(sets.promised)} of photos have their true label in their set. ${verdict}
The promise is over all photos like the training photos, not within each slice. A set is empty where no label is likely enough.</p>
${table<Slice>(
  [
    ['Coverage', ({ coverage }) => coverage],
    ['Mean labels', ({ size }) => size],
    ['Empty', ({ empty }) => empty],
  ],
  sets,
  sets.slices,
)}`;
}
