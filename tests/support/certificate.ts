import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { dayMs } from '../../src/codecs/duration.ts';

export interface Certificate {
  key: string;
  cert: string;
}

/** A server's certificate (RFC 5280) that nobody but itself vouches for. @param names DNS names and IPv4 addresses */
export function selfSigned(names: readonly string[], { isExpired = false } = {}): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(tagged(0x31, sequence(commonName, tagged(0x0c, Buffer.from(names[0]!)))));
  const from = Date.now() - 2 * dayMs;
  const validity = sequence(...[from, from + (isExpired ? 1 : 30) * dayMs].map(utcTime));
  const alternatives = tagged(0x04, sequence(...names.map(generalName)));
  const signed = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(sequence(subjectAltName, alternatives))),
  );
  const signature = tagged(0x03, Buffer.from([0]), sign('sha256', signed, privateKey));
  const cert = new X509Certificate(sequence(signed, ecdsaWithSha256, signature)).toString();
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function tagged(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const sequence = (...parts: Uint8Array[]) => tagged(0x30, ...parts);

const commonName = tagged(0x06, Buffer.from('550403', 'hex'));
const subjectAltName = tagged(0x06, Buffer.from('551d11', 'hex'));
const ecdsaWithSha256 = sequence(tagged(0x06, Buffer.from('2a8648ce3d040302', 'hex')));

const utcTime = (at: number) =>
  tagged(0x17, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

function generalName(name: string): Buffer {
  const isAddress = /^[\d.]+$/.test(name);
  return isAddress ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name));
}
