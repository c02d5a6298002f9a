import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { dayMs } from '../../codecs/duration.ts';
import { readServerFile, writeServerFile } from '../../store/workspace/server-file.ts';
import type { KeyPair } from './key-pair.ts';
import { phoneAddress } from './lan-addresses.ts';
import { ownKeyPair } from './own-key-pair.ts';
import { keepKeyPair } from './served-key-pair.ts';

const now = new Date('2027-03-01T12:00:00Z');
const daysLater = (days: number) => new Date(now.getTime() + days * dayMs);

describe("the workspace's own certificate", () => {
  it('is kept, and made again with the same key before it ends', async () => {
    using folder = new ScratchFolder();
    const first = await ownKeyPair(folder.path, now);
    const certificate = new X509Certificate(first.cert);
    expect([certificate.checkHost('localhost'), certificate.checkIP('127.0.0.1'), certificate.checkIP('::1')]).toEqual([
      'localhost',
      '127.0.0.1',
      '::1',
    ]);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect([certificate.ca, certificate.keyUsage]).toEqual([false, ['1.3.6.1.5.5.7.3.1']]);
    expect(await ownKeyPair(folder.path, daysLater(300))).toEqual(first);
    const renewed = await ownKeyPair(folder.path, daysLater(380));
    expect([renewed.key, renewed.cert === first.cert]).toEqual([first.key, false]);
    expect(new X509Certificate(renewed.cert).validToDate > daysLater(700)).toBe(true);
  });

  it('is made anew when its file is damaged', async () => {
    using folder = new ScratchFolder();
    const first = await ownKeyPair(folder.path, now);
    writeFileSync(folder.at('tls.pem'), first.key.slice(0, 60) + first.cert);
    expect((await ownKeyPair(folder.path, now)).key).not.toBe(first.key);
  });
});

it('a renewed certificate is served without a restart, and a broken one changes nothing', async () => {
  using folder = new ScratchFolder();
  const [served, renewed] = [await ownKeyPair(folder.path, now), await ownKeyPair(folder.path, daysLater(380))];
  const contexts: object[] = [];
  const said: string[] = [];
  const reads = [() => Promise.reject(new Error('half written')), async () => renewed, async () => renewed];
  const logger = {
    debug() {},
    warn() {},
    info: (text: string) => said.push(text),
    error: (text: string) => said.push(text),
  };
  const done = Promise.withResolvers<void>();
  const read = () => {
    const next = reads.shift();
    if (reads.length === 0) done.resolve();
    return next ? next() : Promise.resolve(renewed);
  };
  const announced = { url: 'https://127.0.0.1:8080', token: 'secret', certificate: served.cert };
  using _written = writeServerFile(folder.path, announced);
  const onReplaced = ({ cert }: KeyPair) => void writeServerFile(folder.path, { ...announced, certificate: cert });
  const setSecureContext = (found: object) => contexts.push(found);
  using _kept = keepKeyPair({ setSecureContext }, { read, served, onReplaced, logger }, 1);
  await done.promise;
  expect(contexts).toEqual([renewed]);
  expect(readServerFile(folder.path)?.certificate).toBe(renewed.cert);
  expect(said).toEqual(['TLS certificate not replaced', 'TLS certificate replaced']);
});

it('the address for a phone is none of this machine alone', () => {
  expect(phoneAddress('http://127.0.0.1:8080', '127.0.0.1')).toBeNull();
  expect(phoneAddress('http://localhost:8080', 'localhost')).toBeNull();
  expect(phoneAddress('https://192.168.1.5:8080', '192.168.1.5')).toBe('https://192.168.1.5:8080');
});
