import { describe, expect, it } from 'vitest';
import type { Feedback } from '../../contracts/loop/feedback.ts';
import { readRow } from './csv-row.ts';
import { openLink, signLink } from './signed-link.ts';
import { type KnownLabels, truthOf } from './truth-of.ts';

const given = { publicId: 'p', label: 'unwell', uncertain: false };
const question: KnownLabels = {
  model: 'leaf@3',
  answers: ['unwell', 'healthy'],
  taught: {
    labels: ['tomato healthy', 'tomato blight'],
    task: {
      kind: 'question',
      positive: 'unwell',
      negative: 'healthy',
      negativePattern: { source: 'healthy', flags: 'i' },
    },
  },
};
const kinds: KnownLabels = {
  model: 'kinds@1',
  answers: ['rust', 'spot', 'healthy'],
  taught: { labels: ['rust', 'spot', 'healthy'], task: { kind: 'multiclass' } },
};
const label = (text: string, newClass = false): Feedback => ({ kind: 'label', label: text, newClass });

describe('what a word makes true', () => {
  it.each([
    ['an answer', label('healthy'), question, { truth: 'healthy', newClass: false }],
    ['a label behind a question', label('tomato blight'), question, { truth: 'unwell', newClass: false }],
    ['another one', label('tomato healthy'), question, { truth: 'healthy', newClass: false }],
    ['a new one, by the pattern', label('Grape HEALTHY', true), question, { truth: 'healthy', newClass: true }],
    ['a new one that does not match', label('grape rot', true), question, { truth: 'unwell', newClass: true }],
    ['a known one called new', label('rust', true), kinds, { truth: 'rust', newClass: false }],
    ['a new one of several', label('mildew', true), kinds, { truth: 'mildew', newClass: true }],
    ['wrong of two', { kind: 'verdict', verdict: 'wrong' }, question, { truth: 'healthy', newClass: false }],
    ['wrong of three', { kind: 'verdict', verdict: 'wrong' }, kinds, { truth: null, newClass: false }],
    ['an event', { kind: 'event', event: 'retake' }, kinds, { truth: null, newClass: false }],
  ] as [string, Feedback, KnownLabels, object][])('%s', (_what, said, known, meaning) => {
    expect(truthOf(said, given, known)).toEqual(meaning);
  });

  it('names what the model knows when it does not know a label', () => {
    const many = { ...kinds, answers: Array.from({ length: 30 }, (_, i) => `kind ${i}`), taught: null };
    expect(() => truthOf(label('Rust'), given, kinds)).toThrow(/"Rust". Its labels: "rust", "spot", "healthy"/);
    expect(() => truthOf(label('x'), given, many)).toThrow(/"kind 19" and 10 more/);
  });
});

describe('a row of CSV', () => {
  it.each([
    [{ label: 'rust' }, { kind: 'label', label: 'rust', newClass: false }],
    [
      { label: ' rust ', new_class: 'true' },
      { kind: 'label', label: 'rust', newClass: true },
    ],
    [
      { verdict: 'wrong', label: '' },
      { kind: 'verdict', verdict: 'wrong' },
    ],
    [{ event: 'retake' }, { kind: 'event', event: 'retake' }],
    [
      { event: 'sold', value: '-1.5e3' },
      { kind: 'business', event: 'sold', value: -1500 },
    ],
    [{ event: 'seen' }, { kind: 'business', event: 'seen', value: null }],
    [
      { event: 'sold', value: '12.5', currency: 'EUR', session: 'tablet 7' },
      { kind: 'business', event: 'sold', value: 12.5, currency: 'EUR' },
    ],
    [
      { event: 'accept', decision_ms: '4000' },
      { kind: 'event', event: 'accept', decisionMs: 4000 },
    ],
    [{ outcome: 'helped' }, { kind: 'outcome', outcome: 'helped' }],
  ])('%j', (cells, feedback) => {
    expect(readRow({ request_id: 'r', ...cells })).toMatchObject({ request: 'r', instance: null, feedback });
  });

  it.each([
    [{ label: 'x' }, 'request_id is missing'],
    [{ request_id: 'r' }, 'it has no label, verdict, event or outcome'],
    [{ request_id: 'r', label: 'x', verdict: 'right' }, 'only one is allowed of label and verdict'],
    [{ request_id: 'r', label: 'x', value: '3' }, 'a value needs an event'],
    [{ request_id: 'r', verdict: 'maybe' }, 'verdict "maybe" is not right or wrong'],
    [{ request_id: 'r', event: 'sold', value: 'three' }, 'value "three" is not a number'],
    [{ request_id: 'r', event: 'sold', value: 'Infinity' }, 'value "Infinity" is not a number'],
    [{ request_id: 'r', event: 'accept', value: '1' }, 'event "accept" takes no value'],
    [{ request_id: 'r', event: 'accept', currency: 'EUR' }, 'event "accept" takes no currency'],
    [
      { request_id: 'r', event: 'sold', value: '3', currency: 'XYZ' },
      'currency: no currency of ISO 4217 has this code',
    ],
    [{ request_id: 'r', event: 'sold', currency: 'EUR' }, 'currency: a currency needs a value'],
    [{ request_id: 'r', event: 'sold', decision_ms: '3' }, 'event "sold" is no decision, and takes no decision_ms'],
    [{ request_id: 'r', label: 'x', currency: 'EUR' }, 'a currency needs an event'],
    [{ request_id: 'r', event: 'accept', session: 's'.repeat(129) }, 'the session is longer than 128 characters'],
    [{ request_id: 'r', instance: '-1', label: 'x' }, 'instance "-1" is not a whole number'],
    [{ request_id: 'r', label: 'x', new_class: 'maybe' }, 'new_class "maybe" is neither true nor false'],
    [{ request_id: 'r', label: 'x', note: 'a\0' }, 'column note contains a NUL character'],
    [{ request_id: 'r', label: 'x'.repeat(257) }, 'the label is longer than 256 characters'],
  ])('is refused: %j', (cells, reason) => {
    expect(readRow(cells as Record<string, string>)).toBe(reason);
  });
});

it.each([
  [true, ['TRUE', 'True', ' yes', 'Y', '1', 'on']],
  [false, ['FALSE', 'no', 'N', '0', 'off', '', ' ']],
])('new_class is %s as spreadsheets and people write it', (newClass, words) => {
  for (const word of words)
    expect(readRow({ request_id: 'r', label: 'rust', new_class: word })).toMatchObject({ feedback: { newClass } });
});

describe('a signed link', () => {
  const secret = new Uint8Array(32).fill(7);
  const claim = {
    project: '温室',
    request: 'r',
    ask: 'outcome' as const,
    expiresAt: new Date('2026-12-01T00:00:00Z'),
    madeAt: new Date(5),
  };

  it('says what was signed, until its time', () => {
    const token = signLink(claim, secret);
    expect(openLink(token, secret, new Date('2026-11-30T23:59:59Z'))).toEqual(claim);
    expect(() => openLink(token, secret, claim.expiresAt)).toThrow(/2026-12-01T00:00:00.000Z/);
  });

  it('is refused with any character changed, and under another secret', () => {
    const token = signLink(claim, secret);
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === 'A' ? 'B' : 'A';
      // the last character of 32 bytes holds two bits that mean nothing, but the text must be the same
      expect(() => openLink(token.slice(0, i) + other + token.slice(i + 1), secret, new Date(0))).toThrow(/not valid/);
    }
    expect(() => openLink(token, new Uint8Array(32), new Date(0))).toThrow(/not valid/);
  });
});
