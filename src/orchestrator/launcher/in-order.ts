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
