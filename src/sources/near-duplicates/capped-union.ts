/** Disjoint sets with a maximum size each. */
export class CappedUnion {
  readonly #parents: Uint32Array;
  readonly #sizes: Uint32Array;
  readonly #caps: Float64Array;

  /** @param caps largest size of a set that each member may be in */
  constructor(caps: ArrayLike<number>) {
    this.#parents = Uint32Array.from(caps, (_, i) => i);
    this.#sizes = new Uint32Array(caps.length).fill(1);
    this.#caps = Float64Array.from(caps);
  }

  find(member: number): number {
    let root = member;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    for (let at = member; at !== root; ) {
      const next = this.#parents[at]!;
      this.#parents[at] = root;
      at = next;
    }
    return root;
  }

  /** @returns false when the joint set would exceed the smaller of both caps */
  join(a: number, b: number, { capped }: { capped: boolean }): boolean {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return true;
    const cap = Math.min(this.#caps[x]!, this.#caps[y]!);
    const size = this.#sizes[x]! + this.#sizes[y]!;
    if (capped && size > cap) return false;
    const [root, child] = x < y ? [x, y] : [y, x];
    this.#parents[child] = root;
    this.#sizes[root] = size;
    this.#caps[root] = cap;
    return true;
  }
}
