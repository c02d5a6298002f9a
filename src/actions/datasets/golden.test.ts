import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabelledRequests } from '../../../tests/support/labelled-requests.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../../tests/support/small-photo.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { sha256 } from '../../codecs/digest.ts';
import { goldenPath } from '../../orchestrator/golden-files.ts';
import { backup } from '../../store/backup/backup.ts';
import { restore } from '../../store/backup/restore.ts';
import { openStore } from '../../store/open-store.ts';
import { erase } from '../erasure/erase.ts';
import { listGolden, removeGolden, showGolden } from './golden.ts';
import { addGolden } from './golden-add.ts';

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
    expect(await addGolden(leaf.store, { set: 'field', from, actor: tester })).toMatchObject({
      known: 0,
      rejected: [],
    });
    expect(await addGolden(leaf.store, { set: 'field', from, actor: tester })).toMatchObject({ known: 3, added: [] });
    const { set, photos } = await showGolden(leaf.store, 'field');
    expect(set).toMatchObject({ photos: 3, labels: { healthy: 1, unwell: 2 } });
    expect(readdirSync(set.folder).sort()).toEqual(['healthy', 'unwell']);
    expect(photos.every((photo) => existsSync(goldenPath(leaf.store, photo)))).toBe(true);

    leaf.scratch.write('other/unwell/0.jpg', await smallPhoto(0));
    const other = addGolden(leaf.store, { set: 'field', from: leaf.scratch.at('other'), actor: tester });
    await expect(other).rejects.toMatchObject({ code: 'GOLDEN_LABEL_DIFFERS' });
    expect(await removeGolden(leaf.store, { set: 'field', sha256: photos[0]!.sha256 }, tester)).toHaveLength(1);
    expect(await removeGolden(leaf.store, { set: 'field' }, tester)).toHaveLength(2);
    expect([existsSync(set.folder), await listGolden(leaf.store)]).toEqual([false, []]);
  });

  it('deletes nothing outside its folder, whatever the database says (a restored row named ../../victim)', async () => {
    await using leaf = await all.another();
    leaf.scratch.write('from/healthy/0.jpg', await smallPhoto(0));
    await addGolden(leaf.store, { set: 'field', from: leaf.scratch.at('from'), actor: tester });
    leaf.scratch.write('victim/precious.txt', 'kept');
    const up = `${'../'.repeat(20)}${leaf.scratch.at('victim').slice(1)}`;
    await leaf.store.connection.pool.query('update golden_examples set set_name = $1', [up]);
    expect(await removeGolden(leaf.store, { set: up }, tester)).toHaveLength(1);
    expect(readFileSync(leaf.scratch.at('victim/precious.txt'), 'utf8')).toBe('kept');
  });

  it('is made of labelled requests, which the flywheel then leaves out, and erasing reaches it', async () => {
    await using leaf = await all.another();
    const photo = await smallPhoto(1);
    const record = await leaf.answered(photo, 'healthy');
    await leaf.answered(await smallPhoto(2), 'unwell');
    const wish = { set: 'held', endpoint: 'leaf', requests: [record.publicId], actor: tester };
    const { added } = await addGolden(leaf.store, wish);
    expect(added).toMatchObject([{ label: 'healthy', request: record.publicId, imageSha256: record.imageSha256 }]);
    expect(await leaf.export()).toMatchObject({ photos: 1, labels: { unwell: 1 }, leftOut: { golden: 1 } });
    const { copies } = await erase(leaf.store, { request: record.publicId, why: 'asked for', actor: tester });
    expect([copies, existsSync(copies[0]!)]).toEqual([[goldenPath(leaf.store, added[0]!)], false]);
    expect(await leaf.store.golden.listPhotos('held')).toEqual([]);
  });

  it('is backed up with its photos, and of those erased since none comes back', async () => {
    using folder = new ScratchFolder();
    const [workspace, file] = [folder.at('workspace'), folder.at('backup.tar.gz')];
    const photos = await Promise.all([0, 1, 2].map((seed) => smallPhoto(seed)));
    for (const [i, photo] of photos.entries()) folder.write(`from/${i ? 'unwell' : '健康'}/${i}.jpg`, photo);
    {
      await using store = await openStore({ workspace });
      const { added } = await addGolden(store, { set: 'field', from: folder.at('from'), actor: tester });
      expect(await backup(store, file)).toMatchObject({ golden: 3, damaged: [] });
      rmSync(goldenPath(store, added[2]!));
      const lost = `golden/default/field/${added[2]!.sha256}`;
      expect(await backup(store, folder.at('later.tar.gz'))).toMatchObject({ golden: 2, damaged: [lost] });
      await erase(store, { image: sha256(photos[1]!), why: 'asked for', actor: tester });
    }
    await restore(file, { workspace: folder.at('copy'), fromElsewhere: true });
    {
      await using copy = await openStore({ workspace: folder.at('copy') });
      const kept = await copy.golden.listPhotos('field');
      expect(kept.map((photo) => sha256(readFileSync(goldenPath(copy, photo)))).sort()).toEqual(
        photos.map((photo) => sha256(photo)).sort(),
      );
    }
    await restore(file, { workspace, force: true });
    await using store = await openStore({ workspace });
    const kept = (await store.golden.listPhotos('field')).map(({ sha256: digest }) => digest);
    expect(kept.sort()).toEqual([photos[0]!, photos[2]!].map((photo) => sha256(photo)).sort());
    const files = readdirSync(store.workspace.golden, { recursive: true }).join(' ');
    expect([photos[0]!, photos[1]!, photos[2]!].map((photo) => files.includes(sha256(photo)))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('stays noted until an erased photo is gone from it: an erasure that broke off can be asked for again', async () => {
    await using leaf = await all.another();
    const photo = await smallPhoto(7);
    leaf.scratch.write('from/healthy/0.jpg', photo);
    const { added } = await addGolden(leaf.store, { set: 'field', from: leaf.scratch.at('from'), actor: tester });
    const path = goldenPath(leaf.store, added[0]!);
    rmSync(path);
    // a folder is not removed as a file is
    mkdirSync(path);
    const order = { image: sha256(photo), why: 'asked for', actor: tester };
    await expect(erase(leaf.store, order)).rejects.toThrow();
    expect(await leaf.store.golden.listPhotos('field')).toHaveLength(1);
    rmSync(path, { recursive: true });
    writeFileSync(path, photo);
    expect((await erase(leaf.store, order)).copies).toEqual([path]);
    expect([existsSync(path), await leaf.store.golden.listPhotos('field')]).toEqual([false, []]);
  });

  it('takes more photos than a statement has parameters for', async () => {
    await using leaf = await all.another();
    const photos = Array.from({ length: 7_000 }, (_, i) => {
      const digest = i.toString(16).padStart(64, '0');
      const about = { set: 'many', sha256: digest, label: 'a', format: 'jpeg' as const, phash: '0'.repeat(16) };
      return { ...about, thumbnail: '', request: null, imageSha256: null, who };
    });
    expect(await unaudited(leaf.store).golden.addPhotos(photos)).toHaveLength(7_000);
    expect((await listGolden(leaf.store))[0]).toMatchObject({ photos: 7_000 });
  });

  it('puts a photo of it back whose file was lost', async () => {
    await using leaf = await all.another();
    leaf.scratch.write('from/healthy/0.jpg', await smallPhoto(5));
    const wish = { set: 'field', from: leaf.scratch.at('from'), actor: tester };
    const { added } = await addGolden(leaf.store, wish);
    const path = goldenPath(leaf.store, added[0]!);
    rmSync(path);
    expect(await addGolden(leaf.store, wish)).toMatchObject({ added: [], known: 1 });
    expect(existsSync(path)).toBe(true);
  });

  it('refuses what cannot be', async () => {
    await using leaf = await all.another();
    const unlabelled = await leaf.answer(await smallPhoto(3));
    const refused = (wish: object) => expect(addGolden(leaf.store, { set: 'field', actor: tester, ...wish })).rejects;
    await refused({}).toMatchObject({ code: 'GOLDEN_NOTHING_NAMED' });
    await refused({ from: 'a', endpoint: 'leaf' }).toMatchObject({ code: 'GOLDEN_NOTHING_NAMED' });
    await refused({ set: '../out', endpoint: 'leaf' }).toMatchObject({ code: 'ACCESS_NAME_INVALID' });
    await refused({ endpoint: 'none' }).toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
    const requests = [unlabelled.publicId];
    await refused({ endpoint: 'leaf', requests }).toMatchObject({ code: 'GOLDEN_REQUEST_UNUSABLE' });
    await expect(showGolden(leaf.store, 'none')).rejects.toMatchObject({ code: 'GOLDEN_SET_UNKNOWN' });
    await addGolden(leaf.store, { set: 'field', endpoint: 'leaf', actor: tester });
    await expect(removeGolden(leaf.store, { set: 'none', sha256: 'a' }, tester)).rejects.toMatchObject({
      code: 'GOLDEN_SET_UNKNOWN',
    });
  });
});
