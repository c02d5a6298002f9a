import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { MitateError, reasonOf } from '../errors/index.ts';

/** For these bytes alone: a token of one release proves nothing of another. */
export const workflowAudience = (bodyDigest: string) => `mitate:${bodyDigest}`;

const timeoutMs = 10_000;
const toleranceSeconds = 30;

const headSchema = z.object({ alg: z.literal('RS256'), kid: z.string() });
const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keysSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional(), kty: z.string() })) });
const claimsSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  repository: z.string(),
  ref: z.string(),
  ref_protected: z.union([z.boolean(), z.enum(['true', 'false'])]).default(false),
  event_name: z.string(),
  sha: z.string(),
  run_id: z.coerce.string(),
});
export type WorkflowClaims = z.output<typeof claimsSchema>;

/**
 * What the issuer signed about a job: claims of GitHub's ID tokens (docs.github.com, "OpenID Connect reference"). Checks issuer, audience, end and
 * signature (RS256).
 * @throws WEBHOOK_WORKFLOW_REFUSED
 */
export async function verifyWorkflowToken(
  token: string,
  { issuer, audience, now }: { issuer: string; audience: string; now: Date },
): Promise<WorkflowClaims> {
  try {
    const [head = '', body = '', signature = ''] = token.split('.');
    const { kid } = headSchema.parse(decoded(head));
    const key = await keyOf(issuer, kid);
    if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
      throw new Error('its signature is not valid');
    const claims = claimsSchema.parse(decoded(body));
    if (claims.iss !== issuer) throw new Error(`it is of ${claims.iss}, expected ${issuer}`);
    if (![claims.aud].flat().includes(audience)) throw new Error('it is for another release');
    if (claims.exp < now.getTime() / 1000 - toleranceSeconds) throw new Error('it has expired');
    return claims;
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'it is no ID token of a workflow' : reasonOf(error);
    throw new MitateError('WEBHOOK_WORKFLOW_REFUSED', { reason }, { cause: error });
  }
}

async function keyOf(issuer: string, kid: string) {
  const place = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { jwks_uri } = discoverySchema.parse(await read(place));
  const { keys } = keysSchema.parse(await read(jwks_uri));
  const key = keys.find((each) => each.kid === kid);
  if (key === undefined) throw new Error(`${issuer} has no key "${kid}"`);
  return createPublicKey({ key, format: 'jwk' });
}

async function read(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return await response.json();
}

const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** A new token of the job that this process is in. @throws when its platform gives none */
export async function requestWorkflowToken(at: { url: string; bearer: string }, audience: string): Promise<string> {
  const url = new URL(at.url);
  url.searchParams.set('audience', audience);
  const headers = { authorization: `Bearer ${at.bearer}` };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url.origin} answered ${response.status}`);
  return z.object({ value: z.string().min(1) }).parse(await response.json()).value;
}
