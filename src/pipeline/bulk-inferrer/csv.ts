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
    ...labels,
    'error',
    'message',
  ]);
}

export function csvLine(row: InferenceRow, labels: readonly string[]): string {
  if ('error' in row)
    return line([row.file, row.truth, '', '', '', '', ...labels.map(() => ''), row.error.code, row.error.message]);
  const distribution = row.classes ?? row.probabilities;
  const { label, probability, positiveProbability, threshold } = row;
  const numbers = [probability, positiveProbability, threshold, ...labels.map((each) => distribution[each])];
  return line([row.file, row.truth, label, ...numbers, '', '']);
}
