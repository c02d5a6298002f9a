import { InvalidArgumentError } from 'commander';

const units = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `30s`, `5min`, `12h`, `90d` -> milliseconds. */
export function parseDuration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|min|h|d)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Write a time such as 500ms, 30s, 5min, 12h or 90d.');
  return Math.round(Number(number) * units[unit as keyof typeof units]);
}
