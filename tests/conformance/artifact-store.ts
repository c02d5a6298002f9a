import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ArtifactStore } from '../../src/store/artifacts/artifacts.ts';

/** What every artifact store does. */
export function artifactStoreConformance(make: () => ArtifactStore): void {
  const place = (executionId: string) => ({ pipeline: 'leaf/健康', step: '..', key: 'model', executionId });
  const fill = async (store: ArtifactStore, executionId: string, text = 'weights') => {
    const folder = await store.stage(place(executionId));
    await mkdir(join(folder, 'Format-Serving'));
    await writeFile(join(folder, 'Format-Serving', 'model.onnx'), text);
    await writeFile(join(folder, 'モデル.json'), '{}');
    return folder;
  };

  it('publishes atomically: nothing is listed before, everything after', async () => {
    const store = make();
    const staged = await fill(store, 'one');
    expect(await store.list()).toEqual([]);
    expect(await store.listStaged()).toMatchObject([{ executionId: 'one' }]);
    const { uri, digest, sizeBytes } = await store.publish(place('one'));
    expect(sizeBytes).toBe('weights'.length + 2);
    expect(await store.size(uri)).toBe(sizeBytes);
    expect(await readFile(join(uri, 'Format-Serving', 'model.onnx'), 'utf8')).toBe('weights');
    expect(existsSync(staged)).toBe(false);
    expect(await store.list()).toEqual([uri]);
    expect(await store.listStaged()).toEqual([]);
    await store.verify(uri, digest);
  });

  it('digests content and names, not location or order of writing', async () => {
    const store = make();
    await fill(store, 'one');
    await fill(store, 'two');
    await fill(store, 'three', 'other');
    const digests = await Promise.all(
      ['one', 'two', 'three'].map(async (id) => (await store.publish(place(id))).digest),
    );
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
  });

  it('reports edited and missing artifacts', async () => {
    const store = make();
    await fill(store, 'one');
    const { uri, digest } = await store.publish(place('one'));
    await writeFile(join(uri, 'モデル.json'), '{ }');
    await expect(store.verify(uri, digest)).rejects.toMatchObject({ code: 'ARTIFACT_DIGEST_MISMATCH' });
    await store.delete(uri);
    await store.delete(uri);
    await expect(store.verify(uri, digest)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(await store.size(uri)).toBe(0);
    expect(await store.list()).toEqual([]);
  });

  it('empties a staged folder, replaces what a killed attempt published, and discards', async () => {
    const store = make();
    await fill(store, 'one', 'first');
    await store.publish(place('one'));
    await fill(store, 'one', 'half');
    await fill(store, 'one', 'second');
    const { uri } = await store.publish(place('one'));
    expect(await readFile(join(uri, 'Format-Serving', 'model.onnx'), 'utf8')).toBe('second');
    await fill(store, 'two');
    await store.discard('two');
    await store.discard('two');
    expect(await store.listStaged()).toEqual([]);
    await expect(store.publish(place('two'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('rejects links, and publishes an empty folder', async () => {
    const store = make();
    await symlink('/etc/passwd', join(await store.stage(place('one')), 'link'));
    await expect(store.publish(place('one'))).rejects.toMatchObject({ code: 'ARTIFACT_ENTRY_INVALID' });
    await store.stage(place('two'));
    expect(await store.publish(place('two'))).toMatchObject({ sizeBytes: 0 });
  });
}
