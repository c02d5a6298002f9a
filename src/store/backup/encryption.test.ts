import { randomBytes } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { decryption, encryption } from './encryption.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const passphrase = 'correct horse battery';
const path = join(folder.path, 'sealed');
const [headerBytes, sealedBytes] = [16 + 3 + 16 + 7 + 32, 65_536 + 16];

/** Written in pieces that do not fit the chunks. */
async function sealed(plain: Buffer): Promise<Buffer> {
  const stream = await encryption(passphrase);
  const all = buffer(stream);
  for (let at = 0; at < plain.length; at += 50_001) stream.write(plain.subarray(at, at + 50_001));
  stream.end();
  return await all;
}

async function opened(bytes: Buffer, words = passphrase): Promise<Buffer> {
  writeFileSync(path, bytes);
  const { offset, stream } = (await decryption(path, async () => words))!;
  const source = createReadStream(path, { start: offset });
  const all = buffer(source.pipe(stream));
  return await all;
}

it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])('gives back %d bytes', async (size) => {
  const plain = randomBytes(size);
  const bytes = await sealed(plain);
  expect((await opened(bytes)).equals(plain)).toBe(true);
  expect(bytes.length).toBe(headerBytes + size + 16 * Math.max(1, Math.ceil(size / 65_536)));
});

it('does not open when it is cut, changed, in another order, repeated, or mixed with another', async () => {
  const plain = randomBytes(200_000);
  const [bytes, other] = [await sealed(plain), await sealed(plain)];
  const header = bytes.subarray(0, headerBytes);
  const chunk = (of: Buffer, i: number) =>
    of.subarray(headerBytes + i * sealedBytes, headerBytes + (i + 1) * sealedBytes);
  const [a, b, c, last] = [0, 1, 2, 3].map((i) => chunk(bytes, i)) as [Buffer, Buffer, Buffer, Buffer];
  const flipped = (at: number) => {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    return changed;
  };
  const bad = [
    header,
    bytes.subarray(0, -1),
    Buffer.concat([header, a, b, c]),
    Buffer.concat([header, a, b]),
    Buffer.concat([header, a, c, b, last]),
    Buffer.concat([header, a, a, b, c, last]),
    Buffer.concat([header, a, b, c, last, last]),
    Buffer.concat([header, a, chunk(other, 1), c, last]),
    Buffer.concat([bytes, randomBytes(1)]),
    flipped(headerBytes),
    flipped(bytes.length - 1),
  ];
  for (const [i, each] of bad.entries())
    await expect(opened(each), `the case ${i}`).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
  expect((await opened(bytes)).equals(plain)).toBe(true);
});

it('tells a wrong passphrase from damage, and asks for no more memory than it should', async () => {
  const bytes = await sealed(randomBytes(10));
  await expect(opened(bytes, 'another passphrase')).rejects.toMatchObject({ code: 'BACKUP_PASSPHRASE_WRONG' });
  for (const [at, value] of [
    [16, 31],
    [17, 255],
    [18, 0],
  ] as const) {
    const greedy = Buffer.from(bytes);
    greedy[at] = value;
    await expect(opened(greedy)).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
  }
  await expect(opened(bytes.subarray(0, 40))).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
  await expect(encryption('short')).rejects.toMatchObject({ code: 'BACKUP_PASSPHRASE_UNUSABLE' });
});

it('leaves what is not encrypted alone', async () => {
  writeFileSync(path, 'short');
  expect(await decryption(path, async () => passphrase)).toBeNull();
  expect(readFileSync(path, 'utf8')).toBe('short');
});
