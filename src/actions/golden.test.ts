import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabelledRequests } from '../../tests/support/labelled-requests.ts';
import { smallPhoto } from '../../tests/support/small-photo.ts';
import { listGolden, removeGolden, showGolden } from './golden.ts';
import { addGolden } from './golden-add.ts';
import { goldenPath } from './golden-files.ts';
import { erase } from './log-erase.ts';

let all: LabelledRequests;
beforeAll(async () => {
  all = await LabelledRequests.open();
});
afterAll(() => all[Symbol.asyncDispose]());

const who = 'test';

describe('a golden set', () => {
  it('is made of a folder, frozen, and goes as a whole', async () => {
    await using leaf = await all.another();
    for (const [i, label] of ['healthy', 'unwell', 'unwell'].entries())
      leaf.scratch.write(`from/${label}/${i}.jpg`, await smallPhoto(i));
    const from = leaf.scratch.at('from');
    expect(await addGolden(leaf.store, { set: 'field', from, who })).toMatchObject({ known: 0, rejected: [] });
    expect(await addGolden(leaf.store, { set: 'field', from, who })).toMatchObject({ known: 3, added: [] });
    const { set, photos } = await showGolden(leaf.store, 'field');
    expect(set).toMatchObject({ photos: 3, labels: { healthy: 1, unwell: 2 } });
    expect(readdirSync(set.folder).sort()).toEqual(['healthy', 'unwell']);
    expect(photos.every((photo) => existsSync(goldenPath(leaf.store, photo)))).toBe(true);

    leaf.scratch.write('other/unwell/0.jpg', await smallPhoto(0));
    const other = addGolden(leaf.store, { set: 'field', from: leaf.scratch.at('other'), who });
    await expect(other).rejects.toMatchObject({ code: 'GOLDEN_LABEL_DIFFERS' });
    expect(await removeGolden(leaf.store, 'field', photos[0]!.sha256)).toHaveLength(1);
    expect(await removeGolden(leaf.store, 'field')).toHaveLength(2);
    expect([existsSync(set.folder), await listGolden(leaf.store)]).toEqual([false, []]);
  });

  it('is made of labelled requests, which the flywheel then leaves out, and erasing reaches it', async () => {
    await using leaf = await all.another();
    const photo = await smallPhoto(1);
    const record = await leaf.answered(photo, 'healthy');
    await leaf.answered(await smallPhoto(2), 'unwell');
    const wish = { set: 'held', endpoint: 'leaf', requests: [record.publicId], who };
    const { added } = await addGolden(leaf.store, wish);
    expect(added).toMatchObject([{ label: 'healthy', request: record.publicId, imageSha256: record.imageSha256 }]);
    expect(await leaf.export()).toMatchObject({ photos: 1, labels: { unwell: 1 }, leftOut: { golden: 1 } });
    const { copies } = await erase(leaf.store, { request: record.publicId, why: 'asked for', who });
    expect([copies, existsSync(copies[0]!)]).toEqual([[goldenPath(leaf.store, added[0]!)], false]);
    expect(await leaf.store.golden.listPhotos('held')).toEqual([]);
  });

  it('refuses what cannot be', async () => {
    await using leaf = await all.another();
    const unlabelled = await leaf.answer(await smallPhoto(3));
    const refused = (wish: object) => expect(addGolden(leaf.store, { set: 'field', who, ...wish })).rejects;
    await refused({}).toMatchObject({ code: 'GOLDEN_NOTHING_NAMED' });
    await refused({ from: 'a', endpoint: 'leaf' }).toMatchObject({ code: 'GOLDEN_NOTHING_NAMED' });
    await refused({ set: '../out', endpoint: 'leaf' }).toMatchObject({ code: 'ACCESS_NAME_INVALID' });
    await refused({ endpoint: 'none' }).toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
    const requests = [unlabelled.publicId];
    await refused({ endpoint: 'leaf', requests }).toMatchObject({ code: 'GOLDEN_REQUEST_UNUSABLE' });
    await expect(showGolden(leaf.store, 'none')).rejects.toMatchObject({ code: 'GOLDEN_SET_UNKNOWN' });
    await addGolden(leaf.store, { set: 'field', endpoint: 'leaf', who });
    await expect(removeGolden(leaf.store, 'none', 'a')).rejects.toMatchObject({ code: 'GOLDEN_SET_UNKNOWN' });
  });
});
