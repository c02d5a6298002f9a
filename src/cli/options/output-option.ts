import { type Command, Option } from 'commander';

/** `-o, --output <file>`, parsed as `output`; `old` is its hidden name of 0.1, which works until 0.3. */
export function withOutput(
  command: Command,
  { description, old, fallback }: { description: string; old: string; fallback?: string },
): Command {
  return command
    .option('-o, --output <file>', description, fallback)
    .addOption(new Option(`--${old} <file>`).hideHelp())
    .on(`option:${old}`, (value: string) => command.setOptionValue('output', value));
}
