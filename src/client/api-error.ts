import type { ErrorBody } from '../contracts/served-prediction.ts';

/** Thrown when the server refuses: what it said. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Of the catalogue, docs/reference/errors.md; `HTTP_<status>` when something between here and the server answered. */
  readonly code: string;
  readonly remedy: string;
  readonly details: Record<string, unknown>;
  /** To be found again in the server's log. */
  readonly requestId: string | null;
  /** Seconds after which the same request may be sent again; null when the server does not say. */
  readonly retryAfterS: number | null;

  constructor(status: number, error: Partial<ErrorBody['error']>, retryAfterS: number | null) {
    super(error.message ?? `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = error.code ?? `HTTP_${status}`;
    this.remedy = error.remedy ?? '';
    this.details = error.details ?? {};
    this.requestId = error.requestId ?? null;
    this.retryAfterS = retryAfterS;
  }
}

/** The error that an answer tells of. */
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
