import { userInfo } from 'node:os';
import { withStore } from '../actions/with-store.ts';
import type { Config } from '../config/index.ts';
import { type Actor, localActor } from '../contracts/actor.ts';
import type { OpenStore } from '../store/open-store.ts';

/** The OS user, as timelines and the audit log record it. */
export const actor = (): Actor => localActor(userInfo().username);

/** Also works while a server holds the workspace. */
export async function withAccess<T>(config: Config, work: (access: OpenStore['access']) => Promise<T>): Promise<T> {
  return await withStore(config, { attach: true }, (store) => work(store.access));
}
