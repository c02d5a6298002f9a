import { ApiError } from '../client/api-error.ts';
import { catalogue, type ErrorCode } from '../errors/catalogue.ts';
import { MitateError } from '../errors/index.ts';

/** Calls a server, and throws its errors as `MitateError`, as if they had occurred here. @throws SERVER_UNREACHABLE */
export async function rethrowServerErrors<T>(url: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ApiError && Object.hasOwn(catalogue, error.code))
      throw new MitateError(error.code as ErrorCode, error.details as never, { cause: error });
    if (error instanceof TypeError)
      throw new MitateError('SERVER_UNREACHABLE', { url, reason: reasonOf(error) }, { cause: error });
    throw error;
  }
}

/** The message of fetch is "fetch failed"; its cause has the reason. */
function reasonOf({ message, cause }: TypeError): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
