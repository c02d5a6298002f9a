import type { AlertMessage } from '../../contracts/loop/alert.ts';

/** `Alert opened: leaf.embedding-drift on leaf (warning)`. */
export function headline({ news, alert: { monitor, endpoint, severity } }: AlertMessage): string {
  if (news === 'test') return 'Test of a Mitate channel';
  return `Alert ${news}: ${monitor} on ${endpoint} (${severity})`;
}

/** `2026-11-23 14:00 UTC`. */
export const momentText = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
