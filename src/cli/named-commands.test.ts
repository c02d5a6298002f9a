import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../errors/index.ts';
import { maturityChecks } from '../feedback/maturity/assess.ts';
import { createProgram } from './program.ts';

const workflow = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../deploy/github/${name}`, import.meta.url)), 'utf8');

let program: Command;
beforeAll(async () => {
  program = await createProgram();
});

function find(words: readonly string[]): Command {
  let found = program;
  for (const word of words) {
    const next = found.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next === undefined) break;
    found = next;
  }
  const usual = (found as unknown as { _defaultCommandName: string | null })._defaultCommandName;
  return found.commands.find((each) => each.name() === usual) ?? found;
}

/** The command exists and takes each of the flags. @returns it and the flags */
function expectNamed(text: string): { command: Command; flags: string[] } {
  const command = find(text.split(/\s+/));
  expect(command.commands.length, text).toBe(0);
  const flags = [...text.matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag);
  const known = [...command.options, ...program.options].map(({ long }) => long).concat('--help');
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  return { command, flags };
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

describe('what closes a gap of maturity', () => {
  it.each(maturityChecks.map(({ id, gap }) => [id, gap]))('%s: %s', (_id, gap) => {
    const commands = commandsIn(gap);
    if (commands.length === 0) expect(gap).toMatch(/pipeline|run/);
    for (const text of commands) expectCommand(text);
  });
});

describe.each(['ci.yml', 'announce.yml'])('deploy/github/%s', (name) => {
  it('calls commands that there are', () => {
    const commands = [
      ...workflow(name)
        .replaceAll(/\\\n\s+/g, '')
        .matchAll(/\bnpx mitate (.+)$/gm),
    ].map(([, words]) => words!);
    expect(commands.length).toBeGreaterThan(0);
    for (const text of commands) expectCommand(text);
  });

  it('puts nothing that others write into a script', () => {
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
