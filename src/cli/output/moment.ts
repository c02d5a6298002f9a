/** `2026-11-23 14:54:55Z`, in UTC. */
export function moment(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
