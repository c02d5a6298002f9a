import { randomBytes } from 'node:crypto';

/** A parsed W3C Trace Context. */
export interface TraceContext {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits, of the caller's span. */
  spanId: string;
  sampled: boolean;
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Parses a `traceparent` header (https://www.w3.org/TR/trace-context/); null if it is invalid. */
export function readTraceparent(header: unknown): TraceContext | null {
  const parts = typeof header === 'string' ? pattern.exec(header) : null;
  if (!parts) return null;
  const [, version, traceId, spanId, flags, rest] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string?,
  ];
  const isKnown = version !== 'ff' && (version !== '00' || rest === undefined);
  if (!isKnown || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const newTraceId = () => randomBytes(16).toString('hex');
export const newSpanId = () => randomBytes(8).toString('hex');

/** Samples by the last 7 bytes of the id, so that every process keeps the same traces. @param share 0..1 */
export function isKept(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-13), 16) < share * 2 ** 52;
}
