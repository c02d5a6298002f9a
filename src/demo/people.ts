import { randomBytes } from 'node:crypto';
import { createUser } from '../actions/access/user.ts';
import { type Principal, type Role, rolePermissions } from '../contracts/access.ts';
import type { Actor } from '../contracts/actor.ts';
import type { OpenStore } from '../store/open-store.ts';

/** Hana photographs leaves in the greenhouse, Mika and Sora label, Ren approves. */
const people = { hana: 'developer', mika: 'labeller', sora: 'labeller', ren: 'approver' } as const satisfies Record<
  string,
  Role
>;
export type Person = keyof typeof people;
export const names = Object.keys(people) as Person[];

/** Nobody knows their passwords: an admin sets new ones. */
export async function invitePeople(store: OpenStore, actor: Actor): Promise<void> {
  for (const name of names)
    await createUser(store, { name, password: randomBytes(24).toString('base64url'), role: people[name] }, actor);
}

export const actorOf = (name: Person): Actor => ({ kind: 'person', id: name, name: `user:${name}`, door: 'http' });

export const principalOf = (name: Person, project: string): Principal => ({
  kind: 'user',
  id: name,
  who: `user:${name}`,
  project,
  permissions: new Set(rolePermissions[people[name]]),
});
