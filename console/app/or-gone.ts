import { ApiError } from '../../src/client/index.ts';

/** The answer; `otherwise` of what is not there, or no longer. */
export async function orGone<T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return otherwise;
    throw error;
  }
}
