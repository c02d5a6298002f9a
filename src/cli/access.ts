import { userInfo } from 'node:os';
import { withStore } from '../actions/with-store.ts';
import type { Config } from '../config/index.ts';
import type { AccessStore } from '../store/access/contract.ts';

/** Who changes something at this machine, for timelines and the audit log. */
export const localWho = (): string => `local:${userInfo().username}`;

/** Looks into who may do what; also beside a server. */
export async function withAccess<T>(config: Config, work: (access: AccessStore) => Promise<T>): Promise<T> {
  return await withStore(config, { attach: true }, (store) => work(store.access));
}

/** Changes who may do what, and writes it into the audit log. A server takes it up within a second. */
export async function accessChange<T>(
  config: Config,
  entry: { action: string; subject: string; details: Record<string, unknown> },
  change: (access: AccessStore, who: string) => Promise<T>,
): Promise<T> {
  return await withAccess(config, async (access) => {
    const who = localWho();
    const changed = await change(access, who);
    await access.audit({ ...entry, who, project: config.project, requestId: null });
    return changed;
  });
}
