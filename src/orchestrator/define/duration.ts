const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `500ms`, `30s`, `10m`, `2h` as milliseconds; null = not a duration. */
export function parseDurationMs(text: unknown): number | null {
  const match = typeof text === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) : null;
  return match ? Math.round(Number(match[1]) * units[match[2] as keyof typeof units]) : null;
}
