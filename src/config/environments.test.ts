import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { environmentKey, loadEnvironments, requireEnvironment } from './environments.ts';

let folder: ScratchFolder;
beforeEach(() => {
  folder = new ScratchFolder();
});
afterEach(() => folder[Symbol.dispose]());

const write = (text: string) => writeFileSync(folder.at('mitate.config.mjs'), text);
const environments = (each: object) => write(`export default { environments: ${JSON.stringify(each)} };`);

describe('mitate.config', () => {
  it('names workspaces, from its own folder, and servers', async () => {
    environments({
      dev: { workspace: '.mitate' },
      prod: { server: 'https://mitate.example', keyEnv: 'PROD_KEY', stage: 'production', parameters: { images: '/d' } },
    });
    mkdirSync(folder.at('deep/down'), { recursive: true });
    const { all } = await loadEnvironments(folder.at('deep/down'));
    expect(all).toEqual([
      { name: 'dev', workspace: folder.at('.mitate'), project: 'default', stage: 'dev', parameters: {} },
      expect.objectContaining({ name: 'prod', server: 'https://mitate.example', stage: 'production' }),
    ]);
    await expect(requireEnvironment('staging', folder.path)).rejects.toThrow('Its environments: dev, prod');
  });

  it('may be absent', async () => {
    expect(await loadEnvironments(folder.path)).toEqual({ file: null, all: [] });
    await expect(requireEnvironment('prod', folder.path)).rejects.toMatchObject({ code: 'ENVIRONMENT_UNKNOWN' });
  });

  it.each([
    ['neither workspace nor server', { dev: {} }],
    ['a server without a key', { prod: { server: 'https://x.example' } }],
    ['a server that is no URL', { prod: { server: 'x.example', keyEnv: 'KEY' } }],
    ['a server over another protocol', { prod: { server: 'file:///etc/passwd', keyEnv: 'KEY' } }],
    ['a stage that there is none of', { dev: { workspace: '.', stage: 'qa' } }],
    ['a name that is none', { 'Prod Env': { workspace: '.' } }],
    ['a gate that nothing passes', { prod: { workspace: '.', after: { environment: 'staging' } } }],
    ['a gate behind itself', { prod: { workspace: '.', after: { environment: 'prod' } } }],
    ['a member that nobody knows', { dev: { workspace: '.', colour: 'red' } }],
  ])('is rejected with %s', async (_what, each) => {
    environments(each);
    await expect(loadEnvironments(folder.path)).rejects.toMatchObject({ code: 'CONFIG_FILE_INVALID' });
  });

  it.each([
    ['broken', 'export default {'],
    ['without a default export', 'export const x = 1;'],
    ['that throws', "throw new Error('no');"],
    ['that imports what is not there', "import 'nowhere-to-be-found'; export default {};"],
  ])('is rejected %s', async (_what, text) => {
    write(text);
    await expect(loadEnvironments(folder.path)).rejects.toMatchObject({ code: 'CONFIG_FILE_INVALID' });
  });

  it('never shows a key that was written in place of its variable', async () => {
    const key = 'mk_abcdefgh_notforyoureyes';
    environments({ prod: { server: 'https://x.example', keyEnv: key } });
    await expect(loadEnvironments(folder.path)).rejects.not.toThrow('notforyoureyes');
  });

  it('reads a key from its variable', () => {
    const prod = { name: 'prod', keyEnv: 'PROD_KEY' };
    expect(environmentKey(prod, { PROD_KEY: 'mk_1' })).toBe('mk_1');
    expect(() => environmentKey(prod, {})).toThrow(expect.objectContaining({ code: 'ENVIRONMENT_KEY_MISSING' }));
  });
});
