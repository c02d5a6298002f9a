import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { maturityChecks } from '../feedback/maturity/assess.ts';
import { createProgram } from './program.ts';

/** `mitate <words> --flags`, as far as they are meant to be typed. */
const commandsIn = (gap: string) => [...gap.matchAll(/\bmitate ([^;(]+)/g)].map(([, words]) => words!.trim());

describe('what closes a gap', () => {
  let program: Command;
  beforeAll(async () => {
    program = await createProgram();
  });

  const find = (words: readonly string[]): Command => {
    let found = program;
    for (const word of words) {
      const next = found.commands.find((each) => each.name() === word || each.aliases().includes(word));
      if (next === undefined) break;
      found = next;
    }
    const usual = (found as unknown as { _defaultCommandName: string | null })._defaultCommandName;
    return found.commands.find((each) => each.name() === usual) ?? found;
  };

  it.each(maturityChecks.map(({ id, gap }) => [id, gap]))('%s: %s', (_id, gap) => {
    const commands = commandsIn(gap);
    if (commands.length === 0) expect(gap).toMatch(/pipeline|run/);
    for (const text of commands) {
      const command = find(text.split(/\s+/));
      expect(command, text).not.toBe(program);
      const flags = [...text.matchAll(/--[a-z-]+/g)].map(([flag]) => flag);
      const known = command.options.map(({ long }) => long);
      expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
      const required = command.options.filter(({ mandatory }) => mandatory).map(({ long }) => long);
      expect(required.filter((flag) => !flags.includes(flag!))).toEqual([]);
    }
  });
});
