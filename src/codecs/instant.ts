const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d\d(?::?\d\d)?))?)?$/;

export const instantExamples = '2026-11-23, 2026-11-23T14:00:00Z or 2026-11-23T14:00+09:00';

/**
 * A date or time in ISO 8601, from 1970 on: UTC unless it has a zone; a date alone is its first moment.
 * @returns null for text in another form, and for days and times that do not exist
 */
export function readInstant(text: string): Date | null {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
    pattern.exec(text.trim()) ?? [];
  if (year === undefined || Number(year) < 1970) return null;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [y, m, ...rest] = parts;
  const local = new Date(Date.UTC(y, m - 1, ...rest, milliseconds));
  // a day or time that does not exist becomes another one
  const same = [
    local.getUTCFullYear(),
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ].every((part, i) => part === parts[i]);
  const offset = offsetMinutes(zone);
  return same && offset !== null ? new Date(local.getTime() - offset * 60_000) : null;
}

/** Of UTC; null if no place on Earth has it. */
function offsetMinutes(zone: string): number | null {
  if (/^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const size = 60 * Number(hours) + Number(minutes);
  return Number(minutes) < 60 && size <= 14 * 60 ? (sign === '-' ? -size : size) : null;
}
