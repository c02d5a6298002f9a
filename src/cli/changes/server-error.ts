import { ApiError } from '../../client/index.ts';
import { catalogue, type ErrorCode } from '../../errors/catalogue.ts';
import { MitateError } from '../../errors/index.ts';

/** What a server refused is said as if it had been refused here. */
export async function rethrowServerErrors<T>({ url }: { url: string }, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && Object.hasOwn(catalogue, error.code))
      throw new MitateError(error.code as ErrorCode, error.details as never, { cause: error });
    if (error instanceof TypeError)
      throw new MitateError('SERVER_UNREACHABLE', { url, reason: reasonOf(error) }, { cause: error });
    throw error;
  }
}

/** fetch says "fetch failed", and why beneath it. */
function reasonOf({ message, cause }: TypeError): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
