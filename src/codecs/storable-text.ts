/** A NUL or half of a surrogate pair, which PostgreSQL does not store. @returns what is wrong with the text; null = nothing */
export function unstorable(text: string): string | null {
  if (text.includes('\0')) return 'a NUL character';
  return text.isWellFormed() ? null : 'half of a surrogate pair';
}

/** The first such text in a value, names of members included. @returns null = none */
export function unstorableIn(value: unknown, place = ''): { place: string; what: string } | null {
  if (typeof value === 'string') {
    const what = unstorable(value);
    return what === null ? null : { place, what };
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    const what = unstorable(name);
    if (what !== null) return { place: place === '' ? 'a name' : `a name in ${place}`, what };
    const found = unstorableIn(member, place === '' ? name : `${place}.${name}`);
    if (found) return found;
  }
  return null;
}
