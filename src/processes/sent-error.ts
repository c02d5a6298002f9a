import { catalogue, type ErrorCode, MitateError, toMitateError } from '../errors/index.ts';

/** A catalogue error as it is sent between processes. */
export interface SentError {
  code: string;
  details: Record<string, unknown>;
}

/** Details are reduced to JSON; causes are dropped. */
export function packError(error: unknown): SentError {
  const { code, details } = toMitateError(error);
  return { code, details: JSON.parse(JSON.stringify(details)) };
}

export function unpackError({ code, details }: SentError): MitateError {
  const known = Object.hasOwn(catalogue, code) ? (code as ErrorCode) : 'INTERNAL';
  return new MitateError(known, details as MitateError['details']);
}
