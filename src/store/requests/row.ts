import type { LoggedRequest, RequestRecord } from '../../contracts/request-record.ts';
import type { factRequests } from '../database/schema.ts';
import { probabilitiesOf, readResponse } from './older-answer.ts';

export type RequestRow = typeof factRequests.$inferSelect;

/** @param shadowed for a shadow: the response to the client, as text */
export function toLoggedRequest(row: RequestRow, shadowed?: string | null): LoggedRequest {
  const { requestId, httpRequestId, requestPayload: _payload, responsePayload, ...rest } = row;
  const { protocol, quality, projection, embedding } = row;
  const response = readResponse(responsePayload[0]);
  return {
    ...rest,
    ...probabilitiesOf(row, response ?? readResponse(shadowed)),
    key: requestId,
    requestId: httpRequestId,
    response,
    protocol: protocol as RequestRecord['protocol'],
    quality: quality as RequestRecord['quality'],
    projection: projection && float16s(projection),
    embedding: embedding && float32s(embedding),
  };
}

/** Little endian. */
export function float16s(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => float16(view.getUint16(2 * i, true)));
}

function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function float32s(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}
