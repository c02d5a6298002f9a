import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { bits, identifier, integer, octets, sequence, setOf, tagged, text, time, yes } from './der.ts';

export const newPrivateKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));
const commonName = identifier('550403');
const extensions = {
  basicConstraints: identifier('551d13'),
  keyUsage: identifier('551d0f'),
  extendedKeyUsage: identifier('551d25'),
  subjectAltName: identifier('551d11'),
};
const serverAuthentication = identifier('2b06010505070301');
const digitalSignature = bits(Buffer.from([0x80]), 7);

/**
 * A server's certificate (RFC 5280) that vouches for itself and signs no other: whoever gets its key after somebody trusted it can pose as this
 * server only.
 * @param options.names DNS names and IP addresses; the first is the common name @returns PEM
 */
export function selfSign(
  privateKey: KeyObject,
  { names, from, until }: { names: readonly string[]; from: Date; until: Date },
): string {
  const subject = sequence(setOf(sequence(commonName, text(names[0]!))));
  const signed = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ecdsaWithSha256,
    subject,
    sequence(time(from), time(until)),
    subject,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    tagged(
      0xa3,
      sequence(
        sequence(extensions.basicConstraints, yes, octets(sequence())),
        sequence(extensions.keyUsage, yes, octets(digitalSignature)),
        sequence(extensions.extendedKeyUsage, octets(sequence(serverAuthentication))),
        sequence(extensions.subjectAltName, octets(sequence(...names.map(generalName)))),
      ),
    ),
  );
  return new X509Certificate(sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, privateKey)))).toString();
}

const generalName = (name: string) =>
  isIP(name) === 0 ? tagged(0x82, Buffer.from(name)) : tagged(0x87, Buffer.from(ipaddr.parse(name).toByteArray()));
