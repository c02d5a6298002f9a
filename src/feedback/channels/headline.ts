import type { AlertMessage } from '../../contracts/alert.ts';

/** `Alert opened: embedding-drift on leaf-health`. */
export function headline({ news, alert: { monitor, endpoint } }: AlertMessage): string {
  if (news === 'test') return 'Test of a Mitate channel';
  return `Alert ${news}: ${monitor} on ${endpoint}`;
}

/** `2026-11-23 14:00 UTC`. */
export const momentText = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
