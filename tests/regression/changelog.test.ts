import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ScratchFolder } from '../support/scratch-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = fileURLToPath(new URL('../../scripts/changelog.ts', import.meta.url));
const changelog = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { cwd, encoding: 'utf8' });

function project(fragments: Record<string, string>): ScratchFolder {
  const folder = new ScratchFolder();
  folder.write('package.json', '{ "version": "1.2.0" }');
  folder.write('CHANGELOG.md', '# Changelog\n\n## 1.1.0\n\n- The first.\n');
  folder.write('changes/README.md', '# How\n');
  for (const [name, text] of Object.entries(fragments)) folder.write(`changes/${name}`, text);
  return folder;
}

describe('npm run changelog', () => {
  it('can assemble the fragments of this repository', () => {
    const { status, stderr, stdout } = changelog(root);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^## Unreleased\n/);
  });

  it('puts the fragments above the last release, by kind, and deletes them', () => {
    using folder = project({
      'queue.fixed.md': 'The queue\nis emptied.\n',
      'zoo.added.md': 'A zoo.',
      'ant.added.md': 'An ant.',
    });
    const { status, stderr } = changelog(folder.path, '--release');
    expect([status, stderr]).toEqual([0, '']);
    const today = new Date().toISOString().slice(0, 10);
    expect(readFileSync(folder.at('CHANGELOG.md'), 'utf8').replace(today, 'TODAY')).toBe(
      '# Changelog\n\n## 1.2.0 (TODAY)\n\n### Added\n\n- An ant.\n- A zoo.\n\n### Fixed\n\n- The queue\n  is emptied.\n\n## 1.1.0\n\n- The first.\n',
    );
    expect(readdirSync(folder.at('changes'))).toEqual(['README.md']);
    const again = changelog(folder.path, '--release');
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('no fragments')]);
  });

  it.each([
    ['queue.md', 'Text.', 'the name must be'],
    ['queue.improved.md', 'Text.', 'the name must be'],
    ['queue.fixed.md', ' \n', 'one paragraph'],
    ['queue.fixed.md', '- A bullet.', 'one paragraph'],
    ['queue.fixed.md', 'One.\n\nTwo.', 'one paragraph'],
  ])('refuses %s holding %j, and changes nothing', (name, text, reason) => {
    using folder = project({ [name]: text });
    const { status, stderr } = changelog(folder.path, '--release');
    expect([status, stderr]).toEqual([1, expect.stringContaining(`changes/${name}: `)]);
    expect(stderr).toContain(reason);
    expect(readFileSync(folder.at('CHANGELOG.md'), 'utf8')).not.toContain('1.2.0');
  });

  it('refuses a version that was released', () => {
    using folder = project({ 'queue.fixed.md': 'Text.' });
    folder.write('package.json', '{ "version": "1.1.0" }');
    const { status, stderr } = changelog(folder.path, '--release');
    expect([status, stderr]).toEqual([1, expect.stringContaining('1.1.0 already')]);
  });
});
