/**
 * Whether two actor names may be the same person: `user:mika` (console), `local:mika` (command line) and `mika@laptop` (run) are.
 * `local` alone may be anyone at the machine.
 */
export function isSamePerson(one: string, other: string): boolean {
  return one === nameless || other === nameless || personOf(one) === personOf(other);
}

/** Actor of a server with `--no-auth`. */
const nameless = 'local';

function personOf(who: string): string {
  return who.replace(/^(user|local):/, '').replace(/@.*$/, '');
}
