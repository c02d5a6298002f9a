/** Levenshtein distance in UTF-16 code units. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1);
    }
    row = next;
  }
  return row[b.length] as number;
}

/** The known name closest to a misspelt one; null when more than a third of its letters differ. */
export function nearest(name: string, known: readonly string[]): string | null {
  const ranked = known.map((candidate) => ({
    candidate,
    edits: distance(name.toLowerCase(), candidate.toLowerCase()),
  }));
  const best = ranked.sort((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= Math.max(1, best.candidate.length / 3) ? best.candidate : null;
}

/** Remedy for an unknown name: the nearest known one, else the list of known names. */
export function suggest(name: string, known: readonly string[], none: string): string {
  const closest = nearest(name, known);
  if (closest) return `Did you mean "${closest}"`;
  return known.length === 0 ? none : `It takes ${known.join(', ')}`;
}
