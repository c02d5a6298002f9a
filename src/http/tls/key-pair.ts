import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { MitateError } from '../../errors/index.ts';

/** PEM of a certificate, with its chain if there is one, and of its key. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** @throws TLS_FILE_UNREADABLE, TLS_CERTIFICATE_INVALID, TLS_CERTIFICATE_EXPIRED, TLS_KEY_INVALID, TLS_KEY_MISMATCH */
export async function readKeyPair(files: KeyPair, now: Date): Promise<KeyPair> {
  const [cert, key] = [await readText(files.cert), await readText(files.key)];
  const certificate = parse(() => new X509Certificate(cert), 'TLS_CERTIFICATE_INVALID', files.cert);
  const privateKey = parse(() => createPrivateKey(key), 'TLS_KEY_INVALID', files.key);
  requireMatch(certificate, privateKey, files);
  requireValid(certificate, files.cert, now);
  parse(() => createSecureContext({ cert, key }), 'TLS_CERTIFICATE_INVALID', files.cert);
  return { cert, key };
}

function requireMatch(certificate: X509Certificate, key: KeyObject, files: KeyPair): void {
  if (!certificate.checkPrivateKey(key))
    throw new MitateError('TLS_KEY_MISMATCH', { cert: files.cert, key: files.key });
}

function requireValid({ validFromDate, validToDate }: X509Certificate, file: string, now: Date): void {
  if (now >= validFromDate && now < validToDate) return;
  const [from, until] = [validFromDate.toISOString(), validToDate.toISOString()];
  throw new MitateError('TLS_CERTIFICATE_EXPIRED', { file, from, until });
}

async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new MitateError('TLS_FILE_UNREADABLE', { file, reason: error.message }, { cause: error });
  });
}

function parse<T>(work: () => T, code: 'TLS_CERTIFICATE_INVALID' | 'TLS_KEY_INVALID', file: string): T {
  try {
    return work();
  } catch (error) {
    throw new MitateError(code, { file, reason: (error as Error).message }, { cause: error });
  }
}
