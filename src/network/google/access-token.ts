import { createSign } from 'node:crypto';
import { z } from 'zod';
import type { GoogleCredentials } from '../../contracts/bucket.ts';
import { MitateError } from '../../errors/index.ts';
import { minutesAhead, requireSettled, retried, timeLimit } from '../retried.ts';

const scope = 'https://www.googleapis.com/auth/cloud-platform';
/** A token is used until so long before it ends. */
const marginMs = 60_000;

const answerSchema = z.object({ access_token: z.string(), expires_in: z.number() });

/** Access tokens of one account, fetched when they are needed and kept until they end. */
export class GoogleToken {
  readonly #credentials: GoogleCredentials;
  #kept: { text: string; endsAt: number } | null = null;

  constructor(credentials: GoogleCredentials) {
    this.#credentials = credentials;
  }

  /** Null = none is needed. @throws GOOGLE_CREDENTIALS_MISSING, GOOGLE_CREDENTIALS_REFUSED, BUCKET_CLOCK_WRONG, BUCKET_UNREACHABLE, CANCELLED */
  async get(signal?: AbortSignal): Promise<string | null> {
    const credentials = this.#credentials;
    if (credentials.kind === 'none') return null;
    if (this.#kept !== null && this.#kept.endsAt > performance.now()) return this.#kept.text;
    const asked = performance.now();
    const { access_token: text, expires_in: seconds } = await fetched(credentials, signal);
    this.#kept = { text, endsAt: asked + seconds * 1000 - marginMs };
    return text;
  }

  /** After a refusal: the next one is fetched anew. */
  drop(): void {
    this.#kept = null;
  }
}

async function fetched(credentials: Exclude<GoogleCredentials, { kind: 'none' }>, signal: AbortSignal | undefined) {
  const { url, init } = requestFor(credentials);
  try {
    return await retried(url.origin, async () => await once(url, init(), signal), signal);
  } catch (error) {
    if (credentials.kind !== 'metadata' || (error as MitateError).code !== 'BUCKET_UNREACHABLE') throw error;
    throw new MitateError('GOOGLE_CREDENTIALS_MISSING', { origin: url.origin }, { cause: error });
  }
}

async function once(url: URL, init: RequestInit, signal: AbortSignal | undefined) {
  const response = await fetch(url, { ...init, redirect: 'error', signal: timeLimit(0, signal) });
  requireSettled(response);
  const text = await response.text();
  const minutes = minutesAhead(response);
  // tokens are asked for with this machine's time: beyond 5 minutes Google refuses it
  if (!response.ok && Math.abs(minutes) >= 5)
    throw new MitateError('BUCKET_CLOCK_WRONG', { place: url.origin, minutes });
  const answer = answerSchema.safeParse(parsed(text));
  if (response.ok && answer.success) return answer.data;
  const reason = z.object({ error: z.string(), error_description: z.string().default('') }).safeParse(parsed(text));
  throw new MitateError('GOOGLE_CREDENTIALS_REFUSED', {
    origin: url.origin,
    reason: reason.success
      ? `${reason.data.error} ${reason.data.error_description}`.trim()
      : `status ${response.status}`,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function requestFor(credentials: Exclude<GoogleCredentials, { kind: 'none' }>): { url: URL; init: () => RequestInit } {
  if (credentials.kind === 'metadata') {
    const url = new URL(`${credentials.origin}/computeMetadata/v1/instance/service-accounts/default/token`);
    return { url, init: () => ({ headers: { 'metadata-flavor': 'Google' } }) };
  }
  const form = () =>
    credentials.kind === 'user'
      ? {
          grant_type: 'refresh_token',
          client_id: credentials.clientId,
          client_secret: credentials.clientSecret,
          refresh_token: credentials.refreshToken,
        }
      : { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: signedClaim(credentials) };
  return { url: new URL(credentials.tokenUrl), init: () => ({ method: 'POST', body: new URLSearchParams(form()) }) };
}

/** RFC 7523: a JSON Web Token by which a service account asks for an access token. */
function signedClaim({ email, keyId, privateKey, tokenUrl }: GoogleCredentials & { kind: 'service-account' }): string {
  const now = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: 'RS256', typ: 'JWT', ...(keyId && { kid: keyId }) },
    { iss: email, scope, aud: tokenUrl, iat: now, exp: now + 3600 },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  } catch (cause) {
    const reason = 'its private_key cannot be read';
    throw new MitateError('GOOGLE_CREDENTIALS_INVALID', { path: `the key of ${email}`, reason }, { cause });
  }
}
