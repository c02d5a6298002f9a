import { type Command, Option } from 'commander';

/**
 * The name that an option had in 0.1: hidden, works until 0.3.
 * @param flags such as `--last <n>`; its value becomes that of the option `now`, by its name in code
 */
export function withOldName(
  command: Command,
  flags: string,
  { now, parse = (text: string) => text }: { now: string; parse?: (text: string) => unknown },
): Command {
  const set = (text: string) => {
    const value = parse(text);
    command.setOptionValue(now, value);
    return value;
  };
  return command.addOption(new Option(flags).argParser(set).hideHelp());
}
