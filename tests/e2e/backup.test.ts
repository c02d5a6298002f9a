import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256 } from '../../src/codecs/digest.ts';
import type { BackupSummary } from '../../src/store/backup/backup.ts';
import type { RestoreSummary } from '../../src/store/backup/restore.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { requestRecord } from '../support/request-record.ts';
import { parseLines, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
const passphrase = 'correct horse battery';
const [plain, sealed] = [sandbox.at('plain.tar.gz'), sandbox.at('sealed.tar.gz.enc')];
/** By name, as they are stored. */
const photos = new Map(
  ['one', 'two', 'gone'].map((text) => [sha256(text), Buffer.from(`photo ${text} `.repeat(40_000))]),
);
const gone = { image: sha256('gone'), request: randomUUID() };

beforeAll(async () => {
  await using store = await openStore({ workspace: sandbox.at('.mitate') });
  const images = localImages(store.workspace.images);
  for (const [name, bytes] of photos) await images.put('default', name, bytes);
  // a photo that no request has, as when its request was erased by a process that was killed
  await images.put('default', sha256('nobody’s'), Buffer.from('x'));
  const lines = [...photos.keys()].map((imageSha256) => {
    const named = imageSha256 === gone.image && { publicId: gone.request };
    return JSON.stringify({ ...requestRecord({ imageSha256, ...named }), imageKept: true });
  });
  await store.requests.ingest('here', lines, { segment: 1, offset: 1 });
  await sandbox.start(['secret', 'set', 'MITATE_CHANNEL_OPS'], { input: 'a stored secret' }).ended;
}, 60_000);
afterAll(() => sandbox[Symbol.dispose]());

const run = (args: string[], input = '', env = {}) => sandbox.start(args, { input, env }).ended;
const keptIn = (workspace: string) => {
  const dir = sandbox.at(`${workspace}/images/default`);
  if (!existsSync(dir)) return new Map<string, Buffer>();
  const found = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(found.map(({ name, parentPath }) => [name, readFileSync(`${parentPath}/${name}`)]));
};

it('has the kept photos by option, and says what it does not have', async () => {
  const [without] = await sandbox.json<BackupSummary>('backup', plain);
  expect(without!.photos).toBeNull();
  const restored = await run(['restore', plain, '--from-elsewhere', '--workspace', sandbox.at('without')]);
  expect(restored.stderr).toContain('Not in the backup: photos that endpoints keep (images/)');
  expect(restored.stderr).toContain('1 stored secrets');
  expect(keptIn('without')).toEqual(new Map());

  const made = await run(['backup', sealed, '--with-photos', '--encrypt', '--json'], `${passphrase}\n`);
  expect(parseLines<BackupSummary>(made.stdout)[0]).toMatchObject({ photos: 4, damaged: [] });
  expect(statSync(sealed).mode & 0o777).toBe(0o600);
  const bytes = readFileSync(sealed);
  for (const text of ['photo one', 'MITATE_CHANNEL_OPS', 'manifest.json']) expect(bytes.includes(text)).toBe(false);
}, 120_000);

it('is not encrypted with a short passphrase, and nothing is left of the attempt', async () => {
  const { code, stderr } = await run(['backup', sandbox.at('short'), '--encrypt'], 'short');
  expect([code, stderr]).toEqual([1, expect.stringContaining('BACKUP_PASSPHRASE_UNUSABLE')]);
  expect(readdirSync(sandbox.path).filter((name) => name.startsWith('short'))).toEqual([]);
}, 60_000);

it('does not restore with another passphrase, or damaged, and writes nothing', async () => {
  const into = ['--from-elsewhere', '--workspace', sandbox.at('never')];
  const bytes = readFileSync(sealed);
  writeFileSync(sandbox.at('cut'), bytes.subarray(0, -40));
  for (const [file, words, error] of [
    [sealed, 'another passphrase', 'BACKUP_PASSPHRASE_WRONG'],
    [sealed, '', 'BACKUP_PASSPHRASE_WRONG'],
    [sandbox.at('cut'), passphrase, 'BACKUP_INVALID'],
  ] as const) {
    const { code, stderr } = await run(['restore', file, ...into], words);
    expect([code, stderr]).toEqual([1, expect.stringContaining(error)]);
    expect(stderr).not.toContain(words || 'no words');
  }
  expect(existsSync(sandbox.at('never'))).toBe(false);
}, 60_000);

it('puts photos back, but none that was erased since, and tells whether secrets open', async () => {
  const erased = await run(['log', 'erase', '--request', gone.request, '--why', 'asked', '--yes']);
  expect(erased.code).toBe(0);
  rmSync(sandbox.at('.mitate/images'), { recursive: true });
  renameSync(sandbox.at('.mitate/secret.key'), sandbox.at('secret.key'));
  const restore = ['restore', sealed, '--force'];
  const env = { MITATE_BACKUP_PASSPHRASE: passphrase };
  const restored = await run(restore, '', env);
  expect(restored.stderr).toContain('1 do not open');
  expect(restored.stderr).not.toContain('photos that endpoints keep');
  const left = new Map([...photos].filter(([name]) => name !== gone.image));
  expect(keptIn('.mitate')).toEqual(left);

  renameSync(sandbox.at('secret.key'), sandbox.at('.mitate/secret.key'));
  const again = parseLines<RestoreSummary>((await run([...restore, '--json'], '', env)).stdout)[0];
  expect(again).toMatchObject({ photos: 2, secrets: { all: 1, closed: 0 }, dropped: null });
  expect(keptIn('.mitate')).toEqual(left);
}, 120_000);
