import type { OpenStore } from '../../../store/open-store.ts';
import type { Found } from './finding.ts';

/** Whether the stored secrets of all projects open here; the server and the worker may have another key. */
export async function secretFinding({ secrets }: Pick<OpenStore, 'secrets'>): Promise<Found> {
  const { all, closed } = await secrets.count();
  if (closed === 0) return `${all} stored`;
  return {
    level: 'warn',
    said: `${closed} of ${all} stored secrets do not open with the key of this workspace.`,
    remedy:
      'Bring back secret.key or MITATE_SECRET_KEY, or set them again: see "Secrets" in docs/reference/configuration.md.',
  };
}
