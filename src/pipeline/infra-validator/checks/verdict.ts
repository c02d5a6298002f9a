import type { Check } from '../../../contracts/artifacts/blessing.ts';
import type { MitateError } from '../../../errors/index.ts';

export function passedCheck(name: string, value: number | null = null, threshold: number | null = null): Check {
  return { name, value: rounded(value), threshold, passed: true };
}

export function failedCheck(
  name: string,
  { code, message, remedy }: MitateError,
  value: number | null = null,
  threshold: number | null = null,
): Check {
  return { name, value: rounded(value), threshold, passed: false, code, message: `${message} ${remedy}` };
}

function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
}
