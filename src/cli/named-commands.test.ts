import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../errors/index.ts';
import { maturityChecks } from '../feedback/maturity/assess.ts';
import { createProgram } from './program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const workflow = (name: string) => readFileSync(join(root, 'deploy/github', name), 'utf8');
const handWritten = globSync(['*.md', 'docs/**/*.md', '{bench,deploy,examples}/**/README.md'], { cwd: root }).filter(
  (page) => !page.startsWith('docs/reference/'),
);

let program: Command;
beforeAll(async () => {
  program = await createProgram();
});

/** The command that the words begin with, and the words after its name. */
function find(words: readonly string[]): { command: Command; rest: readonly string[] } {
  let [command, rest] = [program, words];
  for (;;) {
    const next = command.commands.find((each) => each.name() === rest[0] || each.aliases().includes(rest[0]!));
    if (next === undefined) break;
    [command, rest] = [next, rest.slice(1)];
  }
  const usual = (command as unknown as { _defaultCommandName: string | null })._defaultCommandName;
  return { command: command.commands.find((each) => each.name() === usual) ?? command, rest };
}

/** The command exists and takes each of the flags. @returns it, the flags, and the words after its name */
function expectNamed(text: string): { command: Command; flags: string[]; rest: readonly string[] } {
  const { command, rest } = find(text.split(/\s+/));
  expect(command.commands.length, text).toBe(0);
  const flags = [...text.matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag);
  const known = [...command.options, ...program.options].map(({ long }) => long).concat('--help');
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  return { command, flags, rest };
}

/** As above, and the command requires no other flag. */
function expectCommand(text: string): void {
  const { command, flags } = expectNamed(text);
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ long }) => long);
  expect(required.filter((flag) => !flags.includes(flag!))).toEqual([]);
}

/** The commands in a text, each up to the punctuation that ends it. */
const commandsIn = (text: string) =>
  [...text.matchAll(/\bmitate ([a-z][^;,("]*?)(?=[;,("]|\. |\.?$)/g)].map(([, words]) => words!.trim());

describe('errors', () => {
  const named = Object.entries(catalogue).flatMap(([code, { message, remedy }]) =>
    [message, remedy].flatMap(commandsIn).map((command) => [code, command]),
  );

  it.each(named)('%s names a command that exists: mitate %s', (_code, command) => {
    expectNamed(command!);
  });
});

describe('remedies of maturity checks', () => {
  it.each(maturityChecks.map(({ id, gap }) => [id, gap]))('%s: %s', (_id, gap) => {
    const commands = commandsIn(gap);
    if (commands.length === 0) expect(gap).toMatch(/pipeline|run/);
    for (const text of commands) expectCommand(text);
  });
});

describe.each(['ci.yml', 'announce.yml'])('deploy/github/%s', (name) => {
  it('calls commands that exist', () => {
    const commands = [
      ...workflow(name)
        .replaceAll(/\\\n\s+/g, '')
        .matchAll(/\bnpx mitate (.+)$/gm),
    ].map(([, words]) => words!);
    expect(commands.length).toBeGreaterThan(0);
    for (const text of commands) expectCommand(text);
  });

  it('interpolates no untrusted text in scripts', () => {
    const scripts = [...workflow(name).matchAll(/^ *(?:- )?run: (\|\n(?:(?: {10}.*)?\n)+|.+)/gm)].map(
      ([, script]) => script!,
    );
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) {
      expect(script).not.toContain('${{');
      execFileSync('bash', ['-n'], { input: script.replace(/^\|\n/, '') });
    }
  });
});

it.each(handWritten)('%s names commands and flags that exist', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)].filter(([, language]) => /^(?:bash)?$/.test(language!));
  const lines = blocks.map(([, , block]) => block!.replaceAll(/\\\n\s*/g, '')).join('');
  const inBlocks = lines.matchAll(/^(?:\$ )?(?:npx )?mitate (.+)$/gm);
  const inline = [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`(?:npx )?mitate ([a-z-][^`]*)`/g)];
  for (const [, command] of [...inBlocks, ...inline]) expectKnown(command!.replace(/\s(?:#|&&).*/, ''));
});

/** As `expectNamed`, and the command takes as many arguments as come before the first flag. */
function expectKnown(text: string): void {
  const plain = text.replace(/^--project \S+ /, '').replaceAll(/<[^>]*>|"[^"]*"|'[^']*'/g, 'value');
  const { command, rest } = expectNamed(plain);
  const given = [...rest, '-'].findIndex((word) => word.startsWith('-') || word === '');
  const takes = command.registeredArguments.some(({ variadic }) => variadic) ? 100 : command.registeredArguments.length;
  expect(given, text).toBeLessThanOrEqual(takes);
}
