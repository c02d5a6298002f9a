/** Every method throws what `translate` makes of its errors; also while its answer is iterated. */
export function guard<T extends object>(methods: T, translate: (error: unknown) => Error): T {
  const guarded = Object.entries(methods).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      const answer = attempt(() => method(...args));
      return isIterable(answer) ? iterate(answer, translate) : settle(answer, translate);
    },
  ]);
  return Object.fromEntries(guarded) as T;
}

const isIterable = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

async function settle(answer: unknown, translate: (error: unknown) => Error): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    throw translate(error);
  }
}

async function* iterate(answer: AsyncIterable<unknown>, translate: (error: unknown) => Error) {
  try {
    yield* answer;
  } catch (error) {
    throw translate(error);
  }
}
