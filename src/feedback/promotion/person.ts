/**
 * Whether two names on timelines may be the same person: `user:mika` of the console, `local:mika` of the command line and `mika@laptop` of a run are.
 * `local` alone is whoever sits at the machine.
 */
export function isSamePerson(one: string, other: string): boolean {
  return one === nameless || other === nameless || personOf(one) === personOf(other);
}

/** Of a server with `--no-auth`. */
const nameless = 'local';

function personOf(who: string): string {
  return who.replace(/^(user|local):/, '').replace(/@.*$/, '');
}
