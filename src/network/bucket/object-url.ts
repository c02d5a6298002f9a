import type { BucketAccess } from '../../contracts/bucket.ts';

/** AWS: a host name per bucket, unless a dot in the name would not match the certificate; elsewhere the first part of the path. */
export function objectUrl({ endpoint, region }: BucketAccess, bucket: string, key: string): URL {
  const path = key.split('/').map(encodedPart).join('/');
  if (endpoint !== null) return new URL(`${endpoint}/${bucket}/${path}`);
  if (bucket.includes('.')) return new URL(`https://s3.${region}.amazonaws.com/${bucket}/${path}`);
  return new URL(`https://${bucket}.s3.${region}.amazonaws.com/${path}`);
}

/** RFC 3986: also encodes what `encodeURIComponent` leaves. */
export const encodedPart = (part: string) =>
  encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
