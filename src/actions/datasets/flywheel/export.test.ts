import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabelledRequests } from '../../../../tests/support/labelled-requests.ts';
import { runExampleGen } from '../../../../tests/support/run-example-gen.ts';
import { smallPhoto } from '../../../../tests/support/small-photo.ts';
import { tester } from '../../../../tests/support/tester.ts';
import { sha256 } from '../../../codecs/digest.ts';
import { erase } from '../../erasure/erase.ts';

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath.slice(folder.length + 1)}/${name}`)
    .sort();

let all: LabelledRequests;
beforeAll(async () => {
  all = await LabelledRequests.open();
});
afterAll(() => all[Symbol.asyncDispose]());

describe('the flywheel', () => {
  it('makes whole spans of what is new, and nothing when too little is', async () => {
    await using leaf = await all.another();
    const photos = await Promise.all([1, 2, 3].map((seed) => smallPhoto(seed)));
    for (const [i, label] of ['healthy', 'unwell', 'healthy'].entries()) await leaf.answered(photos[i]!, label);
    await leaf.answer(await smallPhoto(9));
    expect(await leaf.export({ minNew: 4 })).toMatchObject({ span: null, path: null, photos: 3, digest: null });
    expect(readdirSync(leaf.scratch.at('spans'))).toEqual([]);

    const first = await leaf.export();
    expect(first).toMatchObject({ span: 1, photos: 3, labels: { healthy: 2, unwell: 1 }, leftOut: {} });
    const names = [`healthy/${sha256(photos[0]!)}.jpg`, `healthy/${sha256(photos[2]!)}.jpg`];
    expect(files(first.path!)).toEqual([...names.sort(), `unwell/${sha256(photos[1]!)}.jpg`]);
    expect(readdirSync(leaf.scratch.at('spans'))).toEqual(['span-1']);

    expect(await leaf.export()).toMatchObject({ span: null, photos: 0, leftOut: { 'in-the-spans': 3 } });
    await leaf.answered(await smallPhoto(4), 'unwell');
    expect(await leaf.export()).toMatchObject({ span: 2, photos: 1 });
    const spans = await leaf.store.flywheel.listSpans({ endpoint: 'leaf' });
    expect(spans.map(({ span, photos: count, who }) => [span, count, who])).toEqual([
      [2, 1, 'test'],
      [1, 3, 'test'],
    ]);
  });

  it('leaves out photos that look like those of the base, of a span or of a newer request', async () => {
    await using leaf = await all.another();
    const again = (photo: Buffer) => sharp(photo).jpeg({ quality: 60 }).toBuffer();
    const [base, spanned, twice] = await Promise.all([1, 2, 3].map((seed) => smallPhoto(seed, { size: 96 })));
    leaf.scratch.write('base-1/healthy/a.jpg', base!);
    await leaf.answered(spanned!, 'healthy');
    expect(await leaf.export()).toMatchObject({ span: 1 });
    for (const photo of [base!, spanned!]) await leaf.answered(await again(photo), 'healthy');
    const older = await leaf.answered(twice!, 'healthy');
    const newer = await leaf.answered(await again(twice!), 'unwell');
    expect(await leaf.export({ base: ['base-{SPAN}'] })).toMatchObject({
      span: 2,
      labels: { unwell: 1 },
      leftOut: { 'in-the-base': 1, 'in-the-spans': 2, alike: 1 },
    });
    const copies = await leaf.store.flywheel.copiesOf([older.imageSha256!, newer.imageSha256!]);
    expect(copies.map(({ request, span }) => [request, span])).toEqual([[newer.publicId, 2]]);
  });

  it('gives a corrected photo again, and ExampleGen believes the later span', async () => {
    await using leaf = await all.another();
    const photos = await Promise.all(Array.from({ length: 20 }, (_, seed) => smallPhoto(seed)));
    const records = [];
    for (const [i, photo] of photos.entries()) records.push(await leaf.answered(photo, i % 2 ? 'unwell' : 'healthy'));
    await leaf.export();
    await leaf.label(records[0]!, 'unwell');
    expect(await leaf.export()).toMatchObject({ span: 2, labels: { unwell: 1 }, leftOut: { 'in-the-spans': 19 } });
    expect(await leaf.export()).toMatchObject({ span: null });

    const source = leaf.scratch.at('spans/span-{SPAN}');
    const { examples, summary } = await runExampleGen(leaf.scratch, { source, span: 'all' });
    expect([examples.length, summary.span, summary.conflicts]).toEqual([20, 2, []]);
    const corrected = sha256(photos[0]!);
    expect(summary.relabelled).toMatchObject([{ sha256: corrected, from: ['healthy'], to: 'unwell' }]);
    expect(examples.find((one) => one.sha256 === corrected)).toMatchObject({ label: 'unwell', span: 2 });
    const last = await runExampleGen(leaf.scratch, { source: [source, leaf.scratch.at('none-{SPAN}')], span: 'all' });
    expect(last.examples).toHaveLength(20);
  });

  it('carries severity and further labels to the Examples, and forgets those of an erased photo', async () => {
    await using leaf = await all.another();
    const photos = await Promise.all(Array.from({ length: 20 }, (_, seed) => smallPhoto(seed + 1)));
    const records = await Promise.all(photos.map((photo) => leaf.answer(photo)));
    await leaf.label(records[0]!, 'healthy');
    for (const [i, record] of records.entries()) if (i > 2) await leaf.label(record, i % 2 ? 'healthy' : 'unwell');
    await leaf.label(records[1]!, 'unwell', 'test', { severity: 4, alsoShows: ['rust', 'sp|ot'] });
    await leaf.label(records[2]!, 'unwell', 'test', { severity: 1 });
    const { path } = await leaf.export({ rename: { rust: 'leaf rust' } });
    const { examples, summary } = await runExampleGen(leaf.scratch, { source: path! });
    const attributesOf = (i: number) => examples.find(({ sha256: id }) => id === sha256(photos[i]!))!.attributes;
    expect([0, 1, 2].map(attributesOf)).toEqual([
      {},
      { severity: '4', also_shows: '["leaf rust","sp|ot"]' },
      { severity: '1' },
    ]);
    expect(summary.passedOver.count).toBe(0);
    await erase(leaf.store, { request: records[1]!.publicId, why: 'asked for', actor: tester });
    expect(readFileSync(`${path}/mitate-attributes.jsonl`, 'utf8')).toBe(
      `${JSON.stringify({ file: `unwell/${sha256(photos[2]!)}.jpg`, severity: '1' })}\n`,
    );
  });

  it('forgets an erased photo wherever it was copied to, and never takes it again', async () => {
    await using leaf = await all.another();
    const photo = await smallPhoto(1);
    const record = await leaf.answered(photo, 'healthy');
    await leaf.answered(await smallPhoto(2), 'unwell');
    const { path } = await leaf.export();
    const erased = await erase(leaf.store, { request: record.publicId, why: 'asked for', actor: tester });
    expect(erased.copies).toEqual([`${path}/healthy/${sha256(photo)}.jpg`]);
    expect(files(path!)).toEqual([expect.stringMatching(/^unwell/)]);
    expect(await leaf.store.erasedPhotos([sha256(photo)])).toEqual(new Set([sha256(photo)]));
    await leaf.answered(photo, 'healthy');
    expect(await leaf.export()).toMatchObject({ span: null, leftOut: { 'not-kept': 1, 'in-the-spans': 1 } });
  });

  it('gives a number once, also when its folder went or another export is as fast', async () => {
    await using leaf = await all.another();
    await leaf.answered(await smallPhoto(1), 'healthy');
    const { path } = await leaf.export();
    rmSync(path!, { recursive: true });
    expect(await leaf.export()).toMatchObject({ span: 2, photos: 1 });
    mkdirSync(leaf.scratch.at('spans/span-7'));
    await leaf.answered(await smallPhoto(2), 'healthy');
    const both = await Promise.allSettled([leaf.export(), leaf.export()]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: { span: 8 } }]);
    expect(both.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'FLYWHEEL_BUSY' } }]);
    expect(readdirSync(leaf.scratch.at('spans')).sort()).toEqual(['span-2', 'span-7', 'span-8']);
  });

  it('leaves out what is disputed, and counts as confirmed by those who still say so', async () => {
    await using leaf = await all.another();
    const record = await leaf.answer(await smallPhoto(1));
    for (const [who, label] of [
      ['ann', 'healthy'],
      ['ann', 'unwell'],
      ['bob', 'healthy'],
    ] as const)
      await leaf.label(record, label, who);
    const policy = { minConfirmations: 2 };
    expect(await leaf.export(policy)).toMatchObject({ span: null, leftOut: { disputed: 1 } });
    await leaf.label(record, 'healthy', 'ann');
    expect(await leaf.export(policy)).toMatchObject({ span: 1, labels: { healthy: 1 } });
  });

  it('refuses a bad policy, an unknown endpoint and a folder that is none', async () => {
    await using leaf = await all.another();
    await leaf.answered(await smallPhoto(1), 'healthy');
    const refused = (policy: object) => expect(leaf.export(policy)).rejects;
    await refused({ balance: 0.5 }).toMatchObject({ code: 'FLYWHEEL_POLICY_INVALID' });
    await refused({ reasons: ['because'] }).toMatchObject({ code: 'FLYWHEEL_POLICY_INVALID' });
    await refused({ endpoint: 'none' }).toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
    await refused({ base: ['nowhere'] }).toMatchObject({ code: expect.stringMatching(/^SOURCE_/) });
    leaf.scratch.write('file', '');
    await refused({ to: 'file' }).toMatchObject({ code: 'FLYWHEEL_FOLDER_UNWRITABLE' });
    expect(existsSync(leaf.scratch.at('spans')) && readdirSync(leaf.scratch.at('spans'))).toEqual([]);
    expect(readFileSync(leaf.scratch.at('file'), 'utf8')).toBe('');
  });
});
