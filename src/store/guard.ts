/** Passes the errors of every method through `translate`. */
export function guard<T extends object>(methods: T, translate: (error: unknown) => Error): T {
  const guarded = Object.entries(methods).map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw translate(error);
      }
    },
  ]);
  return Object.fromEntries(guarded) as T;
}
