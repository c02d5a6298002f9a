/** Distinguished encoding (X.690) of the few types that a certificate needs. */
export function tagged(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  // the shortest form: some parsers refuse any other
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...parts: Uint8Array[]) => tagged(0x30, ...parts);
export const setOf = (...parts: Uint8Array[]) => tagged(0x31, ...parts);
export const octets = (content: Uint8Array) => tagged(0x04, content);
export const bits = (content: Uint8Array, unused = 0) => tagged(0x03, Buffer.from([unused]), content);
export const text = (content: string) => tagged(0x0c, Buffer.from(content));
export const yes = tagged(0x01, Buffer.from([0xff]));

/** @param bytes big endian; taken as positive */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first < 0 ? bytes.subarray(-1) : bytes.subarray(first);
  return tagged(0x02, Buffer.from(shortest[0]! >= 0x80 ? [0, ...shortest] : shortest));
}

/** @param hex of the encoded object identifier */
export const identifier = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));

/** To the second; two digits of the year until 2049 (RFC 5280, 4.1.2.5). */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return at.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}
