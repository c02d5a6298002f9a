/** Group names as indexes 0.. in order of first appearance. */
export function groupIndexes(groups: readonly string[]): Uint32Array {
  const seen = new Map<string, number>();
  return Uint32Array.from(groups, (group) => {
    const known = seen.get(group);
    if (known !== undefined) return known;
    seen.set(group, seen.size);
    return seen.size - 1;
  });
}
