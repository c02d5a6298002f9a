import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { type ChangedAnswer, changedAnswersFile } from '../../contracts/artifacts/reference-observation.ts';
import { modelHolds, modelWithoutPhoto } from './model.ts';

it('a photo leaves the answers to photos that were changed on purpose, however often it was changed', async () => {
  using folder = temporaryFolder();
  const [uri, output] = [join(folder.path, 'model'), join(folder.path, 'without')];
  mkdirSync(uri);
  const answer = {
    label: 'healthy',
    score: 0.1,
    probabilities: [0.9, 0.1],
    truth: 'healthy',
    outOfDistributionScore: 0.4,
  };
  const row = (id: string, change: string | null): ChangedAnswer => ({ id, change, answer });
  const rows = [row('one', 'blur'), row('other', 'blur'), row('one', null)];
  writeFileSync(join(uri, changedAnswersFile), rows.map((each) => `${JSON.stringify(each)}\n`).join(''));
  expect(await modelHolds(uri, 'one', null)).toBe(true);
  expect(await modelHolds(uri, 'none', null)).toBe(false);
  await modelWithoutPhoto(uri, output, 'one', null);
  expect(readFileSync(join(output, changedAnswersFile), 'utf8')).toBe(`${JSON.stringify(rows[1])}\n`);
  expect(await modelHolds(output, 'one', null)).toBe(false);
});
