import { catalogue, type ErrorCode, MitateError, toMitateError } from '../../errors/index.ts';
import type { SentError } from './messages.ts';

/** Details keep what JSON can hold; causes stay behind. */
export function packError(error: unknown): SentError {
  const { code, details } = toMitateError(error);
  return { code, details: JSON.parse(JSON.stringify(details)) };
}

export function unpackError({ code, details }: SentError): MitateError {
  const known = code in catalogue ? (code as ErrorCode) : 'INTERNAL';
  return new MitateError(known, details as MitateError['details']);
}
