import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../codecs/digest.ts';
import { Random } from '../../math/stats/random.ts';
import { collectEmbeddings } from './collect-embeddings.ts';
import { EmbeddingCache } from './embedding-cache.ts';

const space = { backbone: sha256('backbone'), transform: sha256('transform'), size: 24 };
const key = (i: number) => ({ sha256: sha256(`photo ${i}`), view: i % 2 ? 'plain' : 'rot90' });
const vector = (i: number) => Float32Array.from({ length: 24 }, (_, d) => new Random(`${i}:${d}`).normal());

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mitate-cache-'));
});
afterEach(() => rm(root, { recursive: true }));

async function fill(count: number, from = 0): Promise<void> {
  await using cache = await EmbeddingCache.open(root, space);
  await Promise.all(Array.from({ length: count }, (_, i) => cache.put(key(from + i), vector(from + i))));
}
async function segments(): Promise<string[]> {
  const [folder] = await readdir(root);
  return folder
    ? (await readdir(join(root, folder))).filter((n) => n.endsWith('.emb')).map((n) => join(root, folder, n))
    : [];
}
async function readable(count: number): Promise<number> {
  await using cache = await EmbeddingCache.open(root, space);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const got = await cache.get(key(i));
    if (got) expect(got).toEqual(vector(i));
    if (got) found++;
  }
  return found;
}

describe('embedding cache', () => {
  it('gives back the very numbers, across openings and before they are on disk', async () => {
    await fill(600);
    expect(await segments()).toHaveLength(3);
    expect(await readable(600)).toBe(600);
    await using cache = await EmbeddingCache.open(root, space);
    await cache.put(key(700), vector(700));
    expect(await cache.get(key(700))).toEqual(vector(700));
    expect(await cache.get({ ...key(700), view: 'flip-v' })).toBeUndefined();
  });

  it('has whole files on disk before it is closed, so that a killed run loses little', async () => {
    const cache = await EmbeddingCache.open(root, space);
    for (let i = 0; i < 300; i++) await cache.put(key(i), vector(i));
    expect(await readable(300)).toBe(256);
    await cache.close();
  });

  it('keeps spaces apart', async () => {
    await fill(3);
    await using other = await EmbeddingCache.open(root, { ...space, backbone: sha256('another') });
    expect(await other.get(key(1))).toBeUndefined();
  });

  it('forgets and removes a file with a flipped byte, be it in a row or in the keys', async () => {
    await fill(512);
    for (const [path, at] of [
      [(await segments())[0]!, 20_000],
      [(await segments())[1]!, 40],
    ] as const) {
      const bytes = await readFile(path);
      bytes[at]! ^= 1;
      await writeFile(path, bytes);
    }
    const found = await readable(512);
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(512);
    expect(await segments()).toHaveLength(0);
  });

  it('ignores a file that is cut short', async () => {
    await fill(10);
    const [path] = await segments();
    await writeFile(path!, (await readFile(path!)).subarray(0, 900));
    expect(await readable(10)).toBeLessThan(10);
  });

  it('removes what a run killed an hour ago was writing', async () => {
    await fill(3);
    const half = `${(await segments())[0]}.1.tmp`;
    await writeFile(half, 'half');
    expect(await readable(3)).toBe(3);
    expect(await readFile(half, 'utf8')).toBe('half');
    await utimes(half, new Date(0), new Date(0));
    expect(await readable(3)).toBe(3);
    await expect(readFile(half)).rejects.toThrow('ENOENT');
  });

  it('collects: drops what is not wanted, merges small files, keeps the rest', async () => {
    for (let run = 0; run < 6; run++) await fill(20, run * 20);
    const gone = new Set(Array.from({ length: 30 }, (_, i) => key(i).sha256));
    const keep = ({ sha256: digest }: { sha256: string }) => !gone.has(digest);
    const plan = await collectEmbeddings(root, keep, { dryRun: true });
    expect(plan).toMatchObject({ kept: 90, removed: 30 });
    expect(await segments()).toHaveLength(6);
    expect(await collectEmbeddings(root, keep)).toEqual(plan);
    expect(await segments()).toHaveLength(1);
    expect(await readable(120)).toBe(90);
    await collectEmbeddings(root, () => false);
    expect(await readdir(root)).toEqual([]);
  });
});
