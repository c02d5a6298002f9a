import { userInfo } from 'node:os';
import { withStore } from '../actions/with-store.ts';
import type { Config } from '../config/index.ts';
import { type Actor, localActor } from '../contracts/actor.ts';
import type { AccessStore } from '../store/access/contract.ts';

/** Who changes something at this machine, for timelines and the audit log. */
export const actor = (): Actor => localActor(userInfo().username);

export const localWho = (): string => actor().name;

/** Looks into who may do what; also beside a server. */
export async function withAccess<T>(config: Config, work: (access: AccessStore) => Promise<T>): Promise<T> {
  return await withStore(config, { attach: true }, (store) => work(store.access));
}
