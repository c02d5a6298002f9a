import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { dayMs } from '../../codecs/duration.ts';
import { writeWholeFile } from '../../store/workspace/whole-file.ts';
import type { KeyPair } from './key-pair.ts';
import { lanAddresses } from './lan-addresses.ts';
import { newPrivateKey, selfSign } from './self-signed.ts';

/** Browsers take no longer ones. */
const validDays = 397;
/** Days before its end. */
const renewedDays = 30;

/**
 * The workspace's own certificate, in `tls.pem` with mode 0600: made on first use, and again, with the same key, before it ends and when this
 * machine has another name or address. @throws DISK_FULL, WORKSPACE_READ_ONLY
 */
export async function ownKeyPair(workspaceDir: string, now: Date): Promise<KeyPair> {
  const path = join(workspaceDir, 'tls.pem');
  const names = ['localhost', ...ownNames(), '127.0.0.1', '::1', ...lanAddresses()];
  const found = await readOwn(path);
  if (found !== null && isGood(found, names, now)) return found;
  const key = found === null ? newPrivateKey() : createPrivateKey(found.key);
  const from = new Date(now.getTime() - dayMs);
  const until = new Date(now.getTime() + validDays * dayMs);
  const cert = selfSign(key, { names, from, until });
  const pair = { cert, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
  await writeWholeFile(path, (temporary) => writeFile(temporary, pair.key + pair.cert, { mode: 0o600 }));
  return pair;
}

function ownNames(): string[] {
  const name = hostname().toLowerCase();
  return /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/.test(name) && name !== 'localhost' ? [name] : [];
}

/** Null also when it cannot be read as what this wrote: another one is made. */
async function readOwn(path: string): Promise<KeyPair | null> {
  const both = await readFile(path, 'utf8').catch(() => '');
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(both) ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(both) ?? [];
  if (key === undefined || cert === undefined) return null;
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? { key, cert } : null;
  } catch {
    return null;
  }
}

function isGood({ cert }: KeyPair, names: readonly string[], now: Date): boolean {
  const certificate = new X509Certificate(cert);
  const { validFromDate, validToDate } = certificate;
  const isInTime = now >= validFromDate && validToDate.getTime() - now.getTime() > renewedDays * dayMs;
  return isInTime && names.every((name) => certificate.checkHost(name) ?? certificate.checkIP(name));
}
