import fastify from 'fastify';
import { expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { consolePages } from './console.ts';

it('pages and facts of the build are no files, however they are spelled', async () => {
  using folder = new ScratchFolder();
  for (const name of ['index.html', 'assets/a.js', '.vite/manifest.json']) folder.write(name, name);
  await using app = fastify();
  await app.register(consolePages, { atRoot: true, folder: folder.path });
  const status = async (url: string) => (await app.inject(url)).statusCode;
  for (const url of ['index.html', 'index%2Ehtml', '.vite/manifest.json', '%2Evite/manifest.json'])
    expect([url, await status(`/console/${url}`)]).toEqual([url, 404]);
  for (const url of ['/', '/photos/x?next=a.html', '/console/assets/a.js?from=index.html'])
    expect([url, await status(url)]).toEqual([url, 200]);
});
