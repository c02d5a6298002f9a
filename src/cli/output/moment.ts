/** `2026-11-23 14:54:55Z`: UTC, and it says so. */
export function moment(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
