import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtifactJson, writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { type Evaluation, type IntervalJson, measuredOf } from '../../contracts/artifacts/evaluation.ts';
import { type ModelCard, modelCardSchema } from '../../contracts/artifacts/model-card.ts';

type Row = ModelCard['quantitative_analysis']['performance_metrics'][number];
const [jsonFile, markdownFile] = ['model-card.json', 'model-card.md'] as const;

/** The model's card with what the Evaluator measured, beside the evaluation: the model itself is not changed. Nothing for a model without a card. */
export async function writeEvaluatedCard(modelUri: string, folder: string, evaluation: Evaluation): Promise<void> {
  if (!existsSync(join(modelUri, jsonFile)) || !existsSync(join(modelUri, markdownFile))) return;
  const card = await readArtifactJson(join(modelUri, jsonFile), modelCardSchema);
  const [rows, limitations] = [
    measuredRows(evaluation),
    evaluation.golden.some(({ photos }) => photos > 0) ? [] : [unknownField],
  ];
  const { quantitative_analysis: analysis, considerations } = card;
  await writeArtifactJson(join(folder, jsonFile), {
    ...card,
    quantitative_analysis: { ...analysis, performance_metrics: [...analysis.performance_metrics, ...rows] },
    considerations: {
      ...considerations,
      limitations: [...considerations.limitations, ...limitations.map((description) => ({ description }))],
    },
  });
  const markdown = await readFile(join(modelUri, markdownFile), 'utf8');
  await writeFile(join(folder, markdownFile), `${markdown.trimEnd()}\n\n${section(rows, limitations)}\n`);
}

const unknownField =
  'Accuracy in the field is unknown: no golden set has photos that the model has not seen, and the test split is like the training photos.';

const promised = ['sensitivity', 'specificity', 'cost', 'labelSetCoverage', 'labelSetSize'] as const;

function measuredRows(evaluation: Evaluation): Row[] {
  const { metrics, robustness, golden } = evaluation;
  const measured = measuredOf(evaluation);
  return [
    ...rowsOf('test split', metrics),
    ...promised.flatMap((name) => (measured[name] ? row(name, 'test split', measured[name]) : [])),
    ...(robustness?.kinds ?? []).flatMap(({ kind, strength, photos, metrics: altered, difference, changed }) => {
      const slice = `test split, ${kind} (${strength}; ${photos} photos)`;
      return [
        ...rowsOf(slice, altered),
        ...row('change_of_accuracy', slice, difference.accuracy),
        ...(changed ? row('share_answered_otherwise', slice, changed) : []),
      ];
    }),
    ...golden.flatMap(({ set, photos, metrics: ofSet, fromTest }) => {
      const slice = `golden set ${set} (${photos} photos)`;
      return [...rowsOf(slice, ofSet), ...(fromTest ? row('change_of_accuracy', slice, fromTest) : [])];
    }),
  ];
}

const rowsOf = (slice: string, { accuracy, auc }: Evaluation['metrics']) => [
  ...row('accuracy', slice, accuracy),
  ...row('auc', slice, auc),
];

function row(type: string, slice: string, { value, low, high }: IntervalJson): Row[] {
  if (value === null) return [];
  const interval = low !== null && high !== null && { lower_bound: low.toFixed(4), upper_bound: high.toFixed(4) };
  return [{ type, value: value.toFixed(4), slice, ...(interval && { confidence_interval: interval }) }];
}

function section(rows: readonly Row[], limitations: readonly string[]): string {
  const lines = rows.map(({ type, value, slice, confidence_interval: interval }) => {
    const ends = interval ? `${interval.lower_bound} to ${interval.upper_bound}` : '–';
    return `| ${type} | ${value} | ${ends} | ${slice} |`;
  });
  return [
    '## Evaluation\n\n| metric | value | 95 % interval | on |\n|---|---|---|---|',
    ...lines,
    ...limitations.map((text) => `\n${text}`),
  ].join('\n');
}
