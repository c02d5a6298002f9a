import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { GoogleAccess, GoogleCredentials } from '../contracts/bucket.ts';
import { firstIssue, MitateError } from '../errors/index.ts';

const tokenUrl = z.url().default('https://oauth2.googleapis.com/token');

const keyFileSchema = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('service_account'),
      client_email: z.string(),
      private_key_id: z.string().default(''),
      private_key: z.string(),
      token_uri: tokenUrl,
    })
    .transform(
      (key): GoogleCredentials => ({
        kind: 'service-account',
        email: key.client_email,
        keyId: key.private_key_id,
        privateKey: key.private_key,
        tokenUrl: key.token_uri,
      }),
    ),
  z
    .object({
      type: z.literal('authorized_user'),
      client_id: z.string(),
      client_secret: z.string(),
      refresh_token: z.string(),
      token_uri: tokenUrl,
    })
    .transform(
      (user): GoogleCredentials => ({
        kind: 'user',
        clientId: user.client_id,
        clientSecret: user.client_secret,
        refreshToken: user.refresh_token,
        tokenUrl: user.token_uri,
      }),
    ),
]);

/**
 * As Google's own clients find it: the key file of `GOOGLE_APPLICATION_CREDENTIALS`, else that of `gcloud auth application-default login`,
 * else the metadata server (`GCE_METADATA_HOST`). `STORAGE_EMULATOR_HOST` is asked instead of Cloud Storage, without credentials unless
 * they are named.
 * @throws CONFIG_INVALID, GOOGLE_CREDENTIALS_INVALID
 */
export function googleAccess(env: NodeJS.ProcessEnv = process.env): GoogleAccess {
  const emulator = originOf('STORAGE_EMULATOR_HOST', env.STORAGE_EMULATOR_HOST);
  return { credentials: credentialsOf(env, emulator !== null), storage: emulator ?? 'https://storage.googleapis.com' };
}

function credentialsOf(env: NodeJS.ProcessEnv, hasEmulator: boolean): GoogleCredentials {
  if (env.GOOGLE_APPLICATION_CREDENTIALS) return readKeyFile(env.GOOGLE_APPLICATION_CREDENTIALS);
  const metadata = originOf('GCE_METADATA_HOST', env.GCE_METADATA_HOST);
  if (metadata !== null) return { kind: 'metadata', origin: metadata };
  if (hasEmulator) return { kind: 'none' };
  const folder = env.CLOUDSDK_CONFIG || join(homedir(), '.config', 'gcloud');
  const usual = join(folder, 'application_default_credentials.json');
  return existsSync(usual) ? readKeyFile(usual) : { kind: 'metadata', origin: 'http://metadata.google.internal' };
}

function readKeyFile(path: string): GoogleCredentials {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // a message of JSON.parse shows what it has read
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new MitateError('GOOGLE_CREDENTIALS_INVALID', { path, reason });
  }
  const parsed = keyFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new MitateError('GOOGLE_CREDENTIALS_INVALID', { path, reason: firstIssue(parsed.error) });
}

/** `host:port`, or an http(s) URL. */
function originOf(setting: string, text: string | undefined): string | null {
  if (!text) return null;
  const url = URL.parse(/^https?:\/\//.test(text) ? text : `http://${text}`);
  if (url !== null && !url.username && !url.search && !url.hash) return url.href.replace(/\/+$/, '');
  throw new MitateError('CONFIG_INVALID', { setting, expected: 'host:port, or an http(s) URL' });
}
