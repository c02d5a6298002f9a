import type { BucketAccess } from '../contracts/bucket.ts';
import { MitateError } from '../errors/index.ts';

/**
 * From the standard AWS variables: `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`, `AWS_REGION` or `AWS_DEFAULT_REGION` (default us-east-1),
 * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
 * @throws CONFIG_INVALID
 */
export function bucketAccess(env: NodeJS.ProcessEnv = process.env): BucketAccess {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return {
    endpoint: endpointOf(env),
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1',
    credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN || null }
        : null,
  };
}

function endpointOf(env: NodeJS.ProcessEnv): string | null {
  const setting = env.AWS_ENDPOINT_URL_S3 ? 'AWS_ENDPOINT_URL_S3' : 'AWS_ENDPOINT_URL';
  const text = env[setting];
  if (!text) return null;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new MitateError('CONFIG_INVALID', { setting, expected: 'an http(s) URL, such as https://minio.example.com' });
  return url.href.replace(/\/+$/, '');
}
