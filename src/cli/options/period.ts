import { type Command, Option } from 'commander';
import { parseDuration } from './parse-duration.ts';
import { parseInstant } from './parse-instant.ts';

export interface PeriodFlags {
  from?: Date;
  to?: Date;
  last?: number;
}

/** `--from`, `--to` and `--last`. @param what has a time, such as "requests" */
export function withPeriod(command: Command, what: string): Command {
  return command
    .option('--from <time>', `only ${what} from this time on, such as 2026-11-23 or 2026-11-23T14:00:00Z`, parseInstant)
    .option('--to <time>', `only ${what} before this time`, parseInstant)
    .addOption(
      new Option('--last <duration>', `only ${what} of the period until now, such as 30d`)
        .argParser(parseDuration)
        .conflicts(['from', 'to']),
    );
}

/** The flags with `--last` as a start. */
export function inPeriod<T extends PeriodFlags>({ last, ...flags }: T, now: Date): Omit<T, 'last'> {
  return { ...flags, ...(last !== undefined && { from: new Date(now.getTime() - last) }) };
}
