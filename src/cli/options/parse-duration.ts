import { InvalidArgumentError, Option } from 'commander';
import { durationMs } from '../../codecs/duration.ts';

/** `500ms`, `30s`, `5min`, `12h`, `90d` -> milliseconds. */
export function parseDuration(text: string): number {
  const ms = durationMs(text);
  if (ms === null) throw new InvalidArgumentError('Expected a duration such as 500ms, 30s, 5min, 12h or 90d.');
  return ms;
}

/** An option with a duration; its help shows `7d`, not 604800000. */
export const durationOption = (flags: string, description: string, preset: string): Option =>
  new Option(flags, description).argParser(parseDuration).default(parseDuration(preset), preset);
