import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
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

/** The command is there, takes each of the flags, and needs no other. */
function expectCommand(text: string): void {
  const command = find(text.split(/\s+/));
  expect(command, text).not.toBe(program);
  const flags = [...text.matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag);
  const known = command.options.map(({ long }) => long);
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ long }) => long);
  expect(required.filter((flag) => !flags.includes(flag!))).toEqual([]);
}

describe('what closes a gap of maturity', () => {
  /** `mitate <words> --flags`, as far as they are meant to be typed. */
  const commandsIn = (gap: string) => [...gap.matchAll(/\bmitate ([^;(]+)/g)].map(([, words]) => words!.trim());

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
