import { csvCell } from '../../codecs/csv.ts';
import type { InferenceRow } from './infer.ts';

function line(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** @param labels of the head, one column each */
export function csvHeader(labels: readonly string[]): string {
  return line([
    'file',
    'truth',
    'label',
    'probability',
    'positive_probability',
    'threshold',
    'leaning',
    'refusal',
    'warning',
    'distance',
    'quality',
    'label_set',
    ...labels,
    'error',
    'message',
  ]);
}

export function csvLine(row: InferenceRow, labels: readonly string[]): string {
  if ('error' in row)
    return line([row.file, row.truth, ...Array(10 + labels.length).fill(''), row.error.code, row.error.message]);
  const distribution = row.classes ?? row.probabilities;
  const { label, probability, positiveProbability, threshold, leaning, refusal, warning, outOfDistribution } = row;
  const lists = [row.quality.join(' '), row.labelSet && JSON.stringify(row.labelSet)];
  const about = [leaning, refusal?.reason, warning?.reason, outOfDistribution?.score, ...lists];
  const numbers = [probability, positiveProbability, threshold, ...about, ...labels.map((each) => distribution[each])];
  return line([row.file, row.truth, label, ...numbers, '', '']);
}
