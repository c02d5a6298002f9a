import type { ErrorBody } from '../../../contracts/served-prediction.ts';

/** HTTP status -> google.rpc.Code, as google/rpc/code.proto maps them. */
const codes: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

export interface GoogleError {
  error: {
    code: number;
    message: string;
    status: string;
    /** One google.rpc.ErrorInfo. */
    details: { '@type': string; reason: string; domain: string; metadata: Record<string, string> }[];
  };
}

/** Error shape of Google's APIs (google.aip.dev/193). Google's clients fail on any other: they read `details` as a list. */
export function googleError({ error }: ErrorBody, status: number): GoogleError {
  const { code: reason, message, remedy, details, requestId } = error;
  const known = Object.entries(details).filter(([, value]) => typeof value !== 'object');
  const metadata = Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'mitate',
    metadata: { ...metadata, remedy, requestId },
  };
  return { error: { code: status, message, status: codes[status] ?? 'INVALID_ARGUMENT', details: [info] } };
}
