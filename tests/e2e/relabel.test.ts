import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Relabelled } from '../../src/actions/datasets/relabel.ts';
import type { Imported } from '../../src/actions/workspace/data.ts';
import { readIndex, readSummary } from '../../src/artifacts/examples/read-examples.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import { smallPhoto } from '../support/small-photo.ts';
import { errorOf, Sandbox } from './cli.ts';

/** Labels are corrected with `mitate data relabel`, beside the photos. */
const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

let photos: Buffer[];

beforeAll(async () => {
  photos = await Promise.all(Array.from({ length: 24 }, (_, seed) => smallPhoto(seed)));
  for (const [i, bytes] of photos.entries()) sandbox.write(`photos/${i % 2 ? 'healthy' : 'spot'}/${i}.jpg`, bytes);
  await sandbox.json('data', 'import', 'photos');
});

const imported = async (...flags: string[]) => {
  const [{ run }] = (await sandbox.json<Imported>('data', 'import', 'photos', ...flags)) as [Imported];
  const { uri } = run.steps[0]!.artifacts.examples!;
  return { state: run.steps[0]!.state, summary: await readSummary(uri), examples: await readIndex(uri) };
};
const relabel = async (...args: string[]) => (await sandbox.json<Relabelled>('data', 'relabel', ...args))[0]!;
const of = (examples: Awaited<ReturnType<typeof readIndex>>, i: number) =>
  examples.find((each) => each.sha256 === sha256(photos[i]!))!;

describe('data relabel', () => {
  it('corrects labels for the next import, which records them; photos and splits stay', async () => {
    const before = await imported();
    const made = await relabel('photos/spot/2.jpg', 'healthy');
    expect(made).toMatchObject({ file: sandbox.at('corrections.jsonl'), isRead: false, unchanged: 0 });
    expect(JSON.parse(readFileSync(sandbox.at('corrections.jsonl'), 'utf8'))).toEqual({
      ...{ sha256: sha256(photos[2]!), filename: 'spot/2.jpg', given: 'spot', label: 'healthy' },
    });
    const { summary, examples } = await imported('--corrections', 'corrections.jsonl');
    expect(of(examples, 2)).toMatchObject({ label: 'healthy', filename: 'spot/2.jpg' });
    expect(summary.relabelled).toMatchObject([{ filename: 'spot/2.jpg', from: ['spot'], to: 'healthy' }]);
    expect(summary.span).toBe(before.summary.span + 1);
    expect(of(examples, 2).split).toBe(of(before.examples, 2).split);
    expect(readFileSync(sandbox.at('photos/spot/2.jpg'))).toEqual(photos[2]);
    expect((await imported('--corrections', 'corrections.jsonl')).state).toBe('cached');
  });

  it('adds a table of corrections to the file that the data set was read with, and takes one back', async () => {
    sandbox.write('table.csv', `sha256,label\n${sha256(photos[4]!)},healthy\n${sha256(photos[6]!)},spot\n`);
    const made = await relabel('--from', 'table.csv');
    expect(made).toMatchObject({ isRead: true, unchanged: 1, changed: [{ filename: 'spot/4.jpg' }] });
    await relabel(sha256(photos[2]!).slice(0, 8), 'spot');
    const { examples } = await imported('--corrections', 'corrections.jsonl');
    expect([2, 4, 6].map((i) => of(examples, i).label)).toEqual(['spot', 'healthy', 'spot']);
  });

  it.each([
    [['spot/none.jpg', 'healthy'], 'RELABEL_PHOTO_UNKNOWN'],
    [['spot/0.jpg', 'rust'], 'RELABEL_LABEL_UNKNOWN'],
    [['spot/0.jpg'], 'RELABEL_NOTHING_NAMED'],
    [['spot/0.jpg', 'healthy', '--data', 'roses'], 'DATA_NOT_FOUND'],
  ])('refuses %j, and writes nothing', async (args, code) => {
    const ran = await sandbox.mitate('data', 'relabel', ...args, '--to', 'new.jsonl', '--json');
    expect([ran.code, errorOf(ran).code]).toEqual([1, code]);
    expect(existsSync(sandbox.at('new.jsonl'))).toBe(false);
  });

  it('refuses a corrections file that is broken or not there', async () => {
    sandbox.write('broken.jsonl', '{"sha256":"12","label":"spot","given":"healthy","filename":"x"}\n');
    const code = async (file: string) =>
      errorOf(await sandbox.mitate('data', 'import', 'photos', '--corrections', file, '--json')).code;
    expect(await code('none.jsonl')).toBe('CORRECTIONS_NOT_FOUND');
    expect(await code('broken.jsonl')).toBe('CORRECTIONS_INVALID');
  });

  it('knows of no suspicious labels before an evaluation has searched for them', async () => {
    const ran = await sandbox.mitate('data', 'suspicious', 'photos', '--json');
    expect(errorOf(ran).code).toBe('SUSPICIOUS_NOT_SEARCHED');
  });
});
