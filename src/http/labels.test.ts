import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { type Client, createClient } from '../client/index.ts';
import { mostLabelNames } from '../contracts/loop/label-name.ts';

let served: ServedApp;
let admin: Client;
let viewer: Client;

beforeAll(async () => {
  served = await ServedApp.open([]);
  admin = createClient({ url: served.url, key: await served.makeKey('operate') });
  viewer = createClient({ url: served.url, key: served.key });
});
afterAll(async () => await served?.[Symbol.asyncDispose]());

const named = async () => (await admin.labels.list({ named: 'true' })).items;
const nothing = { en: null, ja: null };

describe('display names of labels', () => {
  it('are set one language at a time, kept when left out, and removed by null or nothing', async () => {
    expect(await admin.labels.name({ leaf_rust: { en: ' Leaf rust ', ja: 'さび病' }, spot: { ja: '斑点病' } })).toEqual(
      {
        changed: 2,
      },
    );
    expect(await named()).toEqual([
      { label: 'leaf_rust', en: 'Leaf rust', ja: 'さび病' },
      { label: 'spot', en: null, ja: '斑点病' },
    ]);
    expect(await admin.labels.name({ leaf_rust: { en: null }, spot: { ja: '  ' } })).toEqual({ changed: 2 });
    expect(await named()).toEqual([{ label: 'leaf_rust', en: null, ja: 'さび病' }]);
    // as they are already
    expect(await admin.labels.name({ leaf_rust: { ja: 'さび病' }, spot: nothing })).toEqual({ changed: 0 });
  });

  it('may be of any script, and of labels that are words of JavaScript', async () => {
    const names = { en: 'صدأ 🌿', ja: null };
    await admin.labels.name({ constructor: names, __proto__x: names });
    expect((await named()).map(({ label }) => label)).toEqual(['__proto__x', 'constructor', 'leaf_rust']);
    await admin.labels.name({ constructor: nothing, __proto__x: nothing });
  });

  it.each([
    ['a line break', 'Leaf\nrust'],
    ['an escape', 'Leaf\u001b[31m'],
    ['what turns the text around it', 'Leaf\u202Erust'],
    ['nothing that can be seen', '\u200B\u200B'],
    ['101 characters', 'x'.repeat(101)],
  ])('with %s are refused, and so are those that came with it', async (_, en) => {
    await expect(admin.labels.name({ fine: { en: 'Fine' }, bad: { en } })).rejects.toMatchObject({
      code: 'LABEL_NAME_INVALID',
      status: 400,
    });
    expect((await named()).map(({ label }) => label)).toEqual(['leaf_rust']);
  });

  it('are at most so many, 5,000 of them in one call', async () => {
    const part = (from: number, to: number, names: { en: string | null; ja: string | null }) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`l${from + i}`, names]));
    const both = { en: 'Label', ja: 'ラベル' };
    for (let from = 0; from < mostLabelNames - 5_000; from += 5_000)
      await admin.labels.name(part(from, from + 5_000, both));
    const last = mostLabelNames - 5_000;
    await expect(admin.labels.name(part(last, mostLabelNames, both))).rejects.toMatchObject({
      code: 'LABEL_NAMES_TOO_MANY',
    });
    expect(await admin.labels.name(part(last, mostLabelNames - 1, both))).toEqual({ changed: 4_999 });
    expect(await named()).toHaveLength(mostLabelNames);
    for (let from = 0; from < mostLabelNames; from += 5_000) await admin.labels.name(part(from, from + 5_000, nothing));
    expect(await named()).toHaveLength(1);
  });

  it('are not for a key that may only predict', async () => {
    await expect(viewer.labels.list()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(viewer.labels.name({ leaf_rust: { en: 'x' } })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('are on feedback pages in the language of the reader, who sends the label itself', async () => {
    const probabilities = { leaf_rust: 0.7, spot: 0.2, well: 0.1 };
    const row = requestRecord({
      response: { label: 'leaf_rust', probabilities, probability: 0.7 },
      label: 'leaf_rust',
      modelVersion: null,
    });
    const line = JSON.stringify({ ...row, imageKept: false });
    await served.served.store.requests.ingest('test', [line], { segment: 1, offset: 0 });
    const { path } = await admin.feedback.link({ id: row.publicId });
    const pageIn = async (language: string) =>
      await (await fetch(`${served.url}${path}`, { headers: { 'accept-language': language } })).text();
    expect(await pageIn('ja')).toMatch(/<strong>さび病<\/strong>.*<option value="leaf_rust">さび病<\/option>/s);
    expect(await pageIn('en')).toContain('<strong>leaf_rust</strong>');
    expect((await admin.requests.get(row.publicId)).label).toBe('leaf_rust');
  });
});
