import { type Command, Option } from 'commander';
import { withOldName } from './old-name.ts';

interface OutputFlag {
  description: string;
  old: string;
  fallback?: string;
  /** @default file */
  what?: 'file' | 'folder';
  required?: boolean;
}

/** `-o, --output <file>`, parsed as `output`; `old` is its hidden name of 0.1, which works until 0.3. */
export function withOutput(
  command: Command,
  { description, old, fallback, what = 'file', required = false }: OutputFlag,
): Command {
  const option = new Option(`-o, --output <${what}>`, description).default(fallback).makeOptionMandatory(required);
  return withOldName(command.addOption(option), `--${old} <${what}>`, { now: 'output' });
}
