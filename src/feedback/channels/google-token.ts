import { createSign } from 'node:crypto';
import { z } from 'zod';

const serviceAccountSchema = z.object({
  client_email: z.string(),
  private_key: z.string(),
  private_key_id: z.string(),
});

const lifeSeconds = 3_600;

/**
 * A token for a Google API, signed with a service account's key, without a request:
 * https://developers.google.com/identity/protocols/oauth2/service-account#jwt-auth
 * @param key text of the JSON key file
 * @param audience `https://pubsub.googleapis.com/`
 * @throws when the text is not such a key
 */
export function googleToken(key: string, audience: string, at: Date): string {
  const { client_email, private_key, private_key_id } = serviceAccountSchema.parse(JSON.parse(key));
  const iat = Math.floor(at.getTime() / 1000);
  const claims = { iss: client_email, sub: client_email, aud: audience, iat, exp: iat + lifeSeconds };
  const head = { alg: 'RS256', typ: 'JWT', kid: private_key_id };
  const signed = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(private_key, 'base64url')}`;
}
