import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hammingDistance } from '../../../tests/support/hamming-distance.ts';
import { sha256 } from '../../codecs/digest.ts';
import { inspectImage } from '../inspect.ts';
import { sampleLabelNames, writeSample } from './index.ts';

async function folder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'mitate-sample-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return join(root, 'leaves');
}

/** Relative path -> sha256, of every file below. */
async function digests(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file.slice(dir.length + 1), sha256(await readFile(file))] as const)),
  );
}

describe('writeSample', () => {
  it('writes a folder per label, the same bytes for the same seed', async () => {
    const [a, b] = [await folder(), await folder()];
    const { counts } = await writeSample(a, { photos: 23, seed: 7, size: 64 });
    await writeSample(b, { photos: 23, seed: 7, size: 64 });
    expect((await readdir(a)).sort()).toEqual([...sampleLabelNames].sort());
    expect(Object.values(counts).reduce((x, y) => x + y)).toBe(23);
    for (const label of sampleLabelNames) expect(await readdir(join(a, label))).toHaveLength(counts[label]);
    expect(await digests(b)).toEqual(await digests(a));
  });

  it('leaves the earlier photos as they are when more are asked for', async () => {
    const [few, many] = [await folder(), await folder()];
    await writeSample(few, { photos: 10, seed: 'x', size: 48 });
    await writeSample(many, { photos: 30, seed: 'x', size: 48 });
    expect(await digests(many)).toMatchObject(await digests(few));
  });

  it('puts masks and non-leaves beside the photos, with the same names', async () => {
    const dir = await folder();
    const written = await writeSample(dir, { photos: 10, seed: 1, size: 96, masks: true, nonLeaves: 3 });
    expect(written).toMatchObject({ photos: dir, masks: `${dir}-masks`, nonLeaves: `${dir}-non-leaves` });
    const stem = (files: Record<string, string>) => Object.keys(files).map((file) => file.replace(/\..*/, ''));
    expect(stem(await digests(written.masks!))).toEqual(stem(await digests(dir)));
    expect(Object.keys(await digests(written.nonLeaves!))).toHaveLength(3);
    const mask = sharp(await readFile(join(written.masks!, 'elm_blight/00000.png')));
    const { data, info } = await mask.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 96, height: 96, channels: 1 });
    expect(new Set(data)).toEqual(new Set([0, 255]));
  });

  it('draws no two photos alike', async () => {
    const dir = await folder();
    await writeSample(dir, { photos: 60, seed: 2, size: 128 });
    const files = Object.keys(await digests(dir));
    const hashes = await Promise.all(
      files.map(async (file) => (await inspectImage(await readFile(join(dir, file)))).phash),
    );
    const twins = hashes.flatMap((a, i) => hashes.slice(i + 1).filter((b) => hammingDistance(a, b) <= 3));
    expect(twins).toEqual([]);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(writeSample(await folder(), { photos: 10, seed: 1, size: 32, signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});
