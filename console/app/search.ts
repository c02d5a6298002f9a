/** Readers of the part of an address after `?`: whatever is not as expected counts as absent. */

export const text = (raw: unknown): string | undefined =>
  typeof raw === 'string' && raw !== '' ? raw : typeof raw === 'number' ? String(raw) : undefined;

export function oneOf<const T extends string>(raw: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((each) => each === raw);
}

export function whole(raw: unknown): number | undefined {
  const value = typeof raw === 'number' ? raw : typeof raw === 'string' ? Number(raw) : Number.NaN;
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function fraction(raw: unknown): number | undefined {
  const value = typeof raw === 'number' ? raw : typeof raw === 'string' && raw !== '' ? Number(raw) : Number.NaN;
  return value >= 0 && value <= 1 ? value : undefined;
}
