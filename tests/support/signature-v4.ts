import { createHash, createHmac } from 'node:crypto';

/** A request as it came over the wire. */
export interface SignedRequest {
  method: string;
  /** As in the request line: path and query, encoded as they were sent. */
  target: string;
  headers: Record<string, string | string[] | undefined>;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * The signature that a request to S3 must bear, by what its Authorization header says that it signs. Written from AWS' description of signature
 * version 4, not from the library that signs.
 */
export function signatureOf({ method, target, headers }: SignedRequest, secretAccessKey: string): string {
  const { scope, signedHeaders } = authorizationOf(headers.authorization);
  const [path = '', query = ''] = target.split('?', 2);
  const canonical = [
    method,
    path.split('/').map(uriEncoded).join('/'),
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => pair.split('=', 2))
      .map(([name = '', value = '']) => `${uriEncoded(name)}=${uriEncoded(value)}`)
      .sort()
      .join('&'),
    ...signedHeaders.map((name) => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    headers['x-amz-content-sha256'],
  ].join('\n');
  const [date = '', region = '', service = '', end = ''] = scope;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope.join('/'), sha256(canonical)].join('\n');
  const key = [date, region, service, end].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
}

/** @throws Error when it is no header of signature version 4 */
export function authorizationOf(header: string | string[] | undefined) {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      String(header),
    );
  if (!found) throw new Error(`no signature: ${header}`);
  const [, accessKeyId, scope, signedHeaders, signature] = found as unknown as [string, string, string, string, string];
  return { accessKeyId, scope: scope.split('/'), signedHeaders: signedHeaders.split(';'), signature };
}

/** What came encoded in any way, encoded in the one way of the description. */
const uriEncoded = (part: string) =>
  [...Buffer.from(decodeURIComponent(part))]
    .map((byte) => {
      const sign = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
