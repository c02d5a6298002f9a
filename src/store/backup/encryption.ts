import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { promisify } from 'node:util';
import { MitateError } from '../../errors/index.ts';

/**
 * An encrypted archive: header, then chunks of AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015). The nonce of
 * a chunk is a prefix of the file, the chunk's number, and whether it is the last: chunks that are cut off, repeated, moved or of another file
 * do not open.
 *
 * Header: magic (16 bytes), log2(N), r and p of scrypt (1 byte each), salt (16), prefix (7), HMAC-SHA256 of all that (32), which tells a wrong
 * passphrase from damage and binds the file to one key.
 */
const magic = Buffer.from('mitate-sealed/1\n', 'latin1');
const [saltBytes, prefixBytes, macBytes, tagBytes, chunkBytes] = [16, 7, 32, 16, 65_536];
const saltAt = magic.length + 3;
const prefixAt = saltAt + saltBytes;
const macAt = prefixAt + prefixBytes;
const headerBytes = macAt + macBytes;

/** OWASP's choice for 128 MiB, about 0.5 s: a passphrase is tried without a server in between. */
const cost = { log2N: 17, r: 8, p: 1 };
/** 256 MiB: a header from elsewhere could ask for all memory. */
const most = { log2N: 18, r: 8, p: 4 };

const derived = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

interface Key {
  key: Buffer;
  /** What the header's HMAC should be. */
  mac: Buffer;
}

async function keyOf(header: Buffer, passphrase: string): Promise<Key> {
  const [log2N, r, p] = header.subarray(magic.length) as unknown as [number, number, number];
  const options = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r };
  const bytes = await derived(passphrase.normalize('NFKC'), header.subarray(saltAt, prefixAt), 64, options);
  const mac = createHmac('sha256', bytes.subarray(32)).update(header.subarray(0, macAt)).digest();
  return { key: bytes.subarray(0, 32), mac };
}

/** Encrypts what is written to it. @throws BACKUP_PASSPHRASE_UNUSABLE */
export async function encryption(passphrase: string): Promise<Transform> {
  const { length } = passphrase;
  if (length < 12 || length > 1024)
    throw new MitateError('BACKUP_PASSPHRASE_UNUSABLE', { reason: `it has ${length} characters` });
  const start = Buffer.concat([magic, Buffer.from([cost.log2N, cost.r, cost.p]), randomBytes(saltBytes + prefixBytes)]);
  const { key, mac } = await keyOf(start, passphrase);
  const encrypting = inChunks(
    chunkBytes,
    (chunk, nonce) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    },
    start.subarray(prefixAt),
  );
  encrypting.push(Buffer.concat([start, mac]));
  return encrypting;
}

export interface Decryption {
  /** Bytes of the header, to be skipped. */
  offset: number;
  stream: Transform;
}

/**
 * Decrypts an archive; null when it is not encrypted.
 * @throws BACKUP_PASSPHRASE_WRONG, BACKUP_INVALID
 */
export async function decryption(file: string, passphrase: () => Promise<string>): Promise<Decryption | null> {
  const header = await readStart(file);
  if (!header.subarray(0, magic.length).equals(magic)) return null;
  const refuse = (reason: string) => new MitateError('BACKUP_INVALID', { path: file, reason });
  const [log2N = 0, r = 0, p = 0] = header.subarray(magic.length);
  const isKnown = log2N > 9 && log2N <= most.log2N && r > 0 && r <= most.r && p > 0 && p <= most.p;
  if (header.length < headerBytes || !isKnown) throw refuse('its encryption header is damaged');
  const { key, mac } = await keyOf(header, await passphrase());
  if (!timingSafeEqual(mac, header.subarray(macAt))) throw new MitateError('BACKUP_PASSPHRASE_WRONG', { path: file });
  const open = (chunk: Buffer, nonce: Buffer) => {
    const end = chunk.length - tagBytes;
    if (end < 0) throw refuse('it is truncated');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(chunk.subarray(end));
    const plain = decipher.update(chunk.subarray(0, end));
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      throw refuse('it is truncated or damaged: a part of it does not decrypt');
    }
  };
  return { offset: headerBytes, stream: inChunks(chunkBytes + tagBytes, open, header.subarray(prefixAt, macAt)) };
}

async function readStart(file: string): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
  return buffer.subarray(0, bytesRead);
}

/** Cuts what is written into chunks of `size` bytes, the last one of at most that, and passes each through `turn`. */
function inChunks(size: number, turn: (chunk: Buffer, nonce: Buffer) => Buffer, prefix: Buffer): Transform {
  let held: Buffer = Buffer.alloc(0);
  let count = 0;
  const next = (chunk: Buffer, isLast: boolean): Buffer => {
    const nonce = Buffer.alloc(12);
    prefix.copy(nonce);
    nonce.writeUInt32BE(count++, prefixBytes);
    nonce.writeUInt8(isLast ? 1 : 0, prefixBytes + 4);
    return turn(chunk, nonce);
  };
  return new Transform({
    transform(bytes: Buffer, _, done) {
      try {
        held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
        // one that could be the last waits
        for (; held.length > size; held = held.subarray(size)) this.push(next(held.subarray(0, size), false));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        done(null, next(held, true));
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
