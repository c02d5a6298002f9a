/** Lets at most `limit` pieces of work run at one time, in the order they asked. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

/** Runs each item once all that it depends on have ended. Items are in topological order; `run` does not throw. */
export async function inOrder<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  dependsOn: (item: T) => string[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  const ended = new Map<string, Promise<void>>();
  for (const item of items) {
    const before = Promise.all(dependsOn(item).map((name) => ended.get(name)));
    ended.set(
      nameOf(item),
      before.then(() => run(item)),
    );
  }
  await Promise.all(ended.values());
}
