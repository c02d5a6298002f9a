import { fromCsvCell } from '../../codecs/csv.ts';
import { unstorableIn } from '../../codecs/storable-text.ts';
import { type UserEvent, userEvents } from '../../contracts/loop/behaviour.ts';
import { checkedFeedback, type Feedback, sessionSchema } from '../../contracts/loop/feedback.ts';
import { attributesFrom } from './attributes.ts';

/** A row of a file of feedback, by column. */
export type CsvRow = Readonly<Record<string, string | undefined>>;

export const feedbackColumns = ['label', 'verdict', 'event', 'outcome'] as const;

export interface ReadRow {
  /** Public id of the photo, or of its HTTP request. */
  request: string;
  instance: number | null;
  feedback: Feedback;
  note: string | null;
  session: string | null;
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
  const session = cell('session');
  if (session !== null && !sessionSchema.safeParse(session).success) return 'the session is longer than 128 characters';
  const photo = { request, instance: instance === null ? null : Number(instance), note, session };
  const feedback = feedbackIn(
    { label: cell('label'), verdict: cell('verdict'), event: cell('event'), outcome: cell('outcome') },
    { value: cell('value'), currency: cell('currency'), decisionMs: cell('decision_ms') },
    row,
  );
  if (typeof feedback === 'string') return feedback;
  const attributes = attributesFrom(cell('severity'), cell('also_shows'));
  if (typeof attributes === 'string') return attributes;
  if (attributes !== null) {
    if (feedback.kind !== 'label') return 'severity and also_shows need a label';
    const whole = checkedFeedback({ ...feedback, attributes });
    return typeof whole === 'string' ? whole : { ...photo, feedback: whole };
  }
  return { ...photo, feedback };
}

/** Cells that only an event has. */
interface OfEvent {
  value: string | null;
  currency: string | null;
  decisionMs: string | null;
}

function feedbackIn(
  cells: Record<(typeof feedbackColumns)[number], string | null>,
  ofEvent: OfEvent,
  row: CsvRow,
): Feedback | string {
  const given = Object.entries(cells).filter(([, text]) => text !== null) as [keyof typeof cells, string][];
  const [first, another] = given;
  if (first === undefined) return 'it has no label, verdict, event or outcome';
  if (another !== undefined) return `only one is allowed of ${given.map(([name]) => name).join(' and ')}`;
  const [kind, text] = first;
  const [extra] = Object.entries(ofEvent).find(([, cell]) => cell !== null) ?? [];
  if (extra !== undefined && kind !== 'event') return `${columnOf[extra]} needs an event`;
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
  if (kind === 'outcome') return checkedFeedback({ kind, outcome: text });
  return eventOf(text, ofEvent);
}

const columnOf: Record<string, string> = { value: 'a value', currency: 'a currency', decisionMs: 'a decision_ms' };

/** As people and spreadsheets write it; null = neither. */
function booleanOf(text: string): boolean | null {
  if (/^(true|t|yes|y|1|on|x)$/i.test(text)) return true;
  return /^(false|f|no|n|0|off|)$/i.test(text) ? false : null;
}

function eventOf(event: string, { value, currency, decisionMs }: OfEvent): Feedback | string {
  const numbers = { value, decision_ms: decisionMs };
  const bad = Object.entries(numbers).find(([, text]) => text !== null && !Number.isFinite(Number(text)));
  if (bad) return `${bad[0]} "${bad[1]!.slice(0, 20)}" is not a number`;
  const numberOf = (text: string | null) => (text === null ? null : Number(text));
  if (userEvents.includes(event as UserEvent)) {
    if (value !== null) return `event "${event}" takes no value`;
    if (currency !== null) return `event "${event}" takes no currency`;
    return checkedFeedback({ kind: 'event', event, decisionMs: numberOf(decisionMs) });
  }
  if (event.length > 64) return 'the event is longer than 64 characters';
  if (decisionMs !== null) return `event "${event}" is no decision, and takes no decision_ms`;
  return checkedFeedback({ kind: 'business', event, value: numberOf(value), currency });
}
