import { userInfo } from 'node:os';
import { type Actor, localActor } from '../contracts/actor.ts';

/** The OS user, as timelines and the audit log record it. */
export const actor = (): Actor => localActor(userInfo().username);
