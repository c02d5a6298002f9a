/**
 * `npm run changelog`: the next section of CHANGELOG.md, from the fragments in changes/. With `--release` (npm runs it in `npm version`) the
 * section of package.json's version is written into CHANGELOG.md, and the fragments are deleted. Works in the current folder.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'changes';
const kinds = ['added', 'changed', 'deprecated', 'removed', 'fixed', 'security'] as const;
const title = '# Changelog\n';

interface Fragment {
  file: string;
  kind: string;
  text: string;
}

function fragments(): Fragment[] {
  const files = readdirSync(folder).filter((file) => file !== 'README.md');
  return files.sort().map((file) => {
    const kind = /^[a-z0-9-]+\.([a-z]+)\.md$/.exec(file)?.[1];
    if (kind === undefined || !kinds.some((each) => each === kind))
      throw new Error(`${join(folder, file)}: the name must be <what-changed>.<${kinds.join('|')}>.md`);
    const text = readFileSync(join(folder, file), 'utf8').trim();
    if (text === '' || /^[-*#]|\n\s*\n/.test(text))
      throw new Error(`${join(folder, file)}: it must hold one paragraph, without a bullet or heading`);
    return { file, kind, text };
  });
}

function section(heading: string, all: readonly Fragment[]): string {
  const lists = kinds.flatMap((kind) => {
    const items = all
      .filter((each) => each.kind === kind)
      .map(({ text }) => `- ${text.replaceAll(/\n\s*/g, '\n  ')}\n`);
    return items.length === 0 ? [] : [`### ${kind[0]!.toUpperCase()}${kind.slice(1)}\n\n${items.join('')}`];
  });
  return `## ${heading}\n\n${lists.join('\n')}`;
}

function release(all: readonly Fragment[]): string {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const log = readFileSync('CHANGELOG.md', 'utf8');
  if (all.length === 0) throw new Error(`${folder}/ has no fragments: nothing to release`);
  if (!log.startsWith(title)) throw new Error(`CHANGELOG.md does not start with "${title.trim()}"`);
  if (new RegExp(`^## ${version.replaceAll('.', '\\.')}\\b`, 'm').test(log))
    throw new Error(`CHANGELOG.md has a section ${version} already`);
  const heading = `${version} (${new Date().toISOString().slice(0, 10)})`;
  writeFileSync('CHANGELOG.md', `${title}\n${section(heading, all)}${log.slice(title.length)}`);
  for (const { file } of all) rmSync(join(folder, file));
  return `CHANGELOG.md has ${heading}, of ${all.length} fragments.`;
}

try {
  const all = fragments();
  console.log(process.argv.includes('--release') ? release(all) : section('Unreleased', all));
} catch (error) {
  console.error(`changelog: ${(error as Error).message}`);
  process.exitCode = 1;
}
