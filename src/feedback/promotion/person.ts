/**
 * Whether two names on timelines may be the same person: `user:mika` of the console, `local:mika` of the command line and `mika@laptop` of a run are.
 */
export function isSamePerson(one: string, other: string): boolean {
  return personOf(one) === personOf(other);
}

function personOf(who: string): string {
  return who.replace(/^(user|local):/, '').replace(/@.*$/, '');
}
