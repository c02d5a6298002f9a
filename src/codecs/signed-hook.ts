import { createHmac, timingSafeEqual } from 'node:crypto';

/** Header of an incoming signed webhook: `t=<unix seconds>,n=<nonce>,v1=<hex HMAC-SHA256 of "t.nonce.body">`. */
export const hookSignatureHeader = 'x-mitate-signature';

/** Header with the ID token of the CI job that sends a webhook. */
export const workflowTokenHeader = 'x-mitate-workflow-token';

interface HookSignature {
  /** Unix seconds. */
  timestamp: number;
  /** 16 to 128 characters, never reused. */
  nonce: string;
}

export function signHook(secret: string, { timestamp, nonce }: HookSignature, body: Uint8Array): string {
  return `t=${timestamp},n=${nonce},v1=${mac(secret, timestamp, nonce, body).toString('hex')}`;
}

const form = /^t=(\d{1,12}),n=([\w-]{16,128}),v1=([0-9a-f]{64})$/;

/** Null: not a signature of these bytes by this secret. The caller checks its age and nonce. */
export function readHookSignature(secret: string, header: unknown, body: Uint8Array): HookSignature | null {
  const [, time, nonce, given] = (typeof header === 'string' && form.exec(header)) || [];
  if (time === undefined || nonce === undefined || given === undefined) return null;
  const expected = mac(secret, Number(time), nonce, body);
  return timingSafeEqual(expected, Buffer.from(given, 'hex')) ? { timestamp: Number(time), nonce } : null;
}

function mac(secret: string, timestamp: number, nonce: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`${timestamp}.${nonce}.`).update(body).digest();
}
