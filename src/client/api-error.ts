import type { ErrorBody } from '../contracts/served-prediction.ts';

/** Thrown when the server responds with an error. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** See docs/reference/errors.md; `HTTP_<status>` when the response is not from a Mitate server but a proxy. */
  readonly code: string;
  readonly remedy: string;
  readonly details: Record<string, unknown>;
  /** In the server's log. */
  readonly requestId: string | null;
  /** Seconds to wait before a retry; null if not given. */
  readonly retryAfterS: number | null;

  constructor(status: number, error: Partial<ErrorBody['error']>, retryAfterS: number | null) {
    super(error.message ?? `The server responded with status ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = error.code ?? `HTTP_${status}`;
    this.remedy = error.remedy ?? '';
    this.details = error.details ?? {};
    this.requestId = error.requestId ?? null;
    this.retryAfterS = retryAfterS;
  }
}

export async function apiError(response: Response): Promise<ApiError> {
  const text = await response.text();
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(response.status, errorIn(text), Number.isFinite(after) ? after : null);
}

function errorIn(text: string): Partial<ErrorBody['error']> {
  try {
    const { error } = JSON.parse(text) as Partial<ErrorBody>;
    return typeof error === 'object' ? error : {};
  } catch {
    return {};
  }
}
