import { mkdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { resolveConfig } from '../../config/config.ts';
import { confinePlace } from './confine.ts';

const folder = new ScratchFolder();
afterAll(() => folder[Symbol.dispose]());
mkdirSync(folder.at('ws1/mitate/data/tulips'), { recursive: true });
mkdirSync(folder.at('spans'));
const env = { MITATE_DATA_ROOTS: `roses=${folder.path},roses=https://data.example/roses` };
const config = resolveConfig({ flags: { workspace: folder.at('ws1/mitate') }, env, cwd: folder.path, isTty: false });
const confined = (place: string) => confinePlace({ config, project: 'roses' }, place);

describe('a place over HTTP', () => {
  it.each([
    ['spans', 'spans'],
    ['spans/span-{SPAN}', 'spans/span-{SPAN}'],
  ])('%s is inside', async (place, found) => expect(await confined(place)).toBe(folder.at(found)));

  it.each([
    'ws{SPAN}/mitate/data/tulips',
    'ws{SPAN}/mitate',
    'ws{SPAN}',
    'ws{VERSION}/mitate/images',
  ])('%s leads into the workspace once it is filled in', async (place) =>
    await expect(confined(place)).rejects.toMatchObject({ code: 'PLACE_OUTSIDE' }));

  it('of a URL is what every parser reads in it', async () => {
    const root = 'https://data.example/roses';
    expect(await confined(`${root}/a/b.zip`)).toBe(`${root}/a/b.zip`);
    for (const rest of ['.\t./tulips', '.\n./tulips', ' ', '..%2ftulips', '..%5Ctulips', '../tulips', '%2e%2e/tulips'])
      await expect(confined(`${root}/${rest}`), rest).rejects.toMatchObject({ code: 'PLACE_OUTSIDE' });
  });
});
