export type AttributeValue = string | number | boolean;

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  /** `server`: handled a request; `internal`: a part of one. */
  kind: 'server' | 'internal';
  /** Milliseconds since 1970, with fractions. */
  startMs: number;
  endMs: number;
  attributes: Record<string, AttributeValue>;
  failed: boolean;
}

const kinds = { internal: 1, server: 2 } as const;
const errorStatus = 2;

/** An ExportTraceServiceRequest in OTLP's JSON encoding (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"). */
export function encodeSpans(
  spans: readonly Span[],
  resource: Readonly<Record<string, string>>,
  version: string,
): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributes(resource) },
        scopeSpans: [{ scope: { name: 'mitate', version }, spans: spans.map(encodeSpan) }],
      },
    ],
  });
}

function encodeSpan(span: Span): object {
  const { traceId, spanId, parentSpanId, name, kind } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    name,
    kind: kinds[kind],
    startTimeUnixNano: nanoseconds(span.startMs),
    endTimeUnixNano: nanoseconds(span.endMs),
    attributes: attributes(span.attributes),
    ...(span.failed && { status: { code: errorStatus } }),
  };
}

function attributes(values: Readonly<Record<string, AttributeValue>>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** A 64-bit integer as decimal text: a double loses the last digits. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6)));
}
