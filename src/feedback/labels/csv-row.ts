import { fromCsvCell } from '../../codecs/csv.ts';
import { unstorableIn } from '../../codecs/storable-text.ts';
import { type Feedback, type UserEvent, userEvents } from '../../contracts/loop/feedback.ts';

/** A row of a file of feedback, by column. */
export type CsvRow = Readonly<Record<string, string | undefined>>;

export const feedbackColumns = ['label', 'verdict', 'event'] as const;

export interface ReadRow {
  /** Public id of the photo, or of its HTTP request. */
  request: string;
  instance: number | null;
  feedback: Feedback;
  note: string | null;
}

/** @returns the reason when the row is invalid */
export function readRow(row: CsvRow): ReadRow | string {
  const bad = unstorableIn(row);
  if (bad !== null) return `column ${bad.place} contains ${bad.what}`;
  const cell = (name: string) => fromCsvCell(row[name]?.trim() ?? '') || null;
  const request = cell('request_id');
  if (request === null) return 'request_id is missing';
  if (request.length > 128) return 'the request_id is longer than 128 characters';
  const instance = cell('instance');
  if (instance !== null && !/^\d{1,6}$/.test(instance))
    return `instance "${instance.slice(0, 20)}" is not a whole number`;
  const note = cell('note');
  if (note !== null && note.length > 2_000) return 'the note is longer than 2,000 characters';
  const feedback = feedbackIn(
    { label: cell('label'), verdict: cell('verdict'), event: cell('event') },
    cell('value'),
    row,
  );
  if (typeof feedback === 'string') return feedback;
  return { request, instance: instance === null ? null : Number(instance), feedback, note };
}

function feedbackIn(
  cells: { label: string | null; verdict: string | null; event: string | null },
  value: string | null,
  row: CsvRow,
): Feedback | string {
  const given = Object.entries(cells).filter(([, text]) => text !== null) as [keyof typeof cells, string][];
  const [first, another] = given;
  if (first === undefined) return 'it has no label, verdict or event';
  if (another !== undefined) return `only one is allowed of ${given.map(([name]) => name).join(' and ')}`;
  const [kind, text] = first;
  if (value !== null && kind !== 'event') return 'a value needs an event';
  const newClass = booleanOf(row.new_class?.trim() ?? '');
  if (newClass === null) return `new_class "${row.new_class!.trim().slice(0, 20)}" is neither true nor false`;
  if (kind === 'label') {
    if (text.length > 256) return 'the label is longer than 256 characters';
    return { kind, label: text, newClass };
  }
  if (kind === 'verdict')
    return text === 'right' || text === 'wrong'
      ? { kind, verdict: text }
      : `verdict "${text.slice(0, 20)}" is not right or wrong`;
  return eventOf(text, value);
}

/** As people and spreadsheets write it; null = neither. */
function booleanOf(text: string): boolean | null {
  if (/^(true|t|yes|y|1|on|x)$/i.test(text)) return true;
  return /^(false|f|no|n|0|off|)$/i.test(text) ? false : null;
}

function eventOf(event: string, value: string | null): Feedback | string {
  if (userEvents.includes(event as UserEvent))
    return value === null ? { kind: 'event', event: event as UserEvent } : `event "${event}" takes no value`;
  if (event.length > 64) return 'the event is longer than 64 characters';
  const number = value === null ? null : Number(value);
  if (number !== null && !Number.isFinite(number)) return `value "${value!.slice(0, 20)}" is not a number`;
  return { kind: 'business', event, value: number };
}
