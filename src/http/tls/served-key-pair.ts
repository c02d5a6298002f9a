import { X509Certificate } from 'node:crypto';
import type { Server as TlsServer } from 'node:tls';
import type { Logger } from '../../contracts/logger.ts';
import { toMitateError } from '../../errors/index.ts';
import { type KeyPair, readKeyPair } from './key-pair.ts';
import { ownKeyPair } from './own-key-pair.ts';

/** Files of the operator, or the workspace's own. */
export type TlsOptions = 'self-signed' | KeyPair;

/** A renewed certificate, ours or the operator's, is served within so long. */
const lookEveryMs = 3_600_000;

export const keyPairOf = async (options: TlsOptions, workspaceDir: string): Promise<KeyPair> =>
  options === 'self-signed' ? await ownKeyPair(workspaceDir, new Date()) : await readKeyPair(options, new Date());

/** Of the certificate, as browsers show it: SHA-256, in pairs of digits. */
export const fingerprintOf = ({ cert }: KeyPair): string => new X509Certificate(cert).fingerprint256;

export interface KeptKeyPair {
  read: () => Promise<KeyPair>;
  served: KeyPair;
  /** Of the one that is served from now on. */
  onReplaced: (found: KeyPair) => void;
  logger: Logger;
}

/** Looks every hour whether the certificate was renewed, and serves new connections with it; one that is not good changes nothing. */
export function keepKeyPair(
  server: Pick<TlsServer, 'setSecureContext'>,
  { read, served, onReplaced, logger }: KeptKeyPair,
  everyMs = lookEveryMs,
): Disposable {
  let current = served;
  const look = async () => {
    try {
      const found = await read();
      if (found.cert === current.cert && found.key === current.key) return;
      server.setSecureContext(found);
      onReplaced(found);
      current = found;
      logger.info('TLS certificate replaced', { fingerprint: fingerprintOf(found) });
    } catch (thrown) {
      const { code, message } = toMitateError(thrown);
      logger.error('TLS certificate not replaced', { code, reason: message });
    }
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
