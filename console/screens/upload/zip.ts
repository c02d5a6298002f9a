/** A file inside a ZIP; its bytes are read when they are asked for, so that an archive of any size needs little memory. */
export interface ZipEntry {
  path: string;
  /** Expanded. */
  bytes: number;
  read: () => Promise<Blob>;
}

export class ZipError extends Error {
  readonly why: 'damaged' | 'encrypted' | 'method' | 'too-large';

  constructor(why: ZipError['why']) {
    super(`ZIP: ${why}`);
    this.why = why;
  }
}

/** APPNOTE 4.3.16: the record at the end, with a comment of at most 65,535 bytes after it. */
const endSize = 22;
const mostEntries = 60_000;
const mostDirectoryBytes = 64 * 2 ** 20;

/** The files of an archive, from its directory at the end. @throws ZipError */
export async function zipEntries(archive: Blob): Promise<ZipEntry[]> {
  const tail = await viewOf(archive, Math.max(0, archive.size - endSize - 65_535), archive.size);
  let end = tail.byteLength - endSize;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new ZipError('damaged');
  const [count, size, start] = [
    tail.getUint16(end + 10, true),
    tail.getUint32(end + 12, true),
    tail.getUint32(end + 16, true),
  ];
  // ZIP64: above 4 GiB or 65,535 files
  if (count === 0xffff || start === 0xffffffff || count > mostEntries || size > mostDirectoryBytes)
    throw new ZipError('too-large');
  const directory = await viewOf(archive, start, start + size);
  const found: ZipEntry[] = [];
  for (let at = 0, i = 0; i < count; i++) {
    if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== 0x02014b50) throw new ZipError('damaged');
    const [flags, method] = [directory.getUint16(at + 8, true), directory.getUint16(at + 10, true)];
    const [packed, bytes] = [directory.getUint32(at + 20, true), directory.getUint32(at + 24, true)];
    const lengths = [28, 30, 32].map((place) => directory.getUint16(at + place, true));
    const [nameLength, extraLength, commentLength] = lengths as [number, number, number];
    const offset = directory.getUint32(at + 42, true);
    const name = new Uint8Array(directory.buffer, at + 46, nameLength);
    const path = nameOf(name, (flags & 0x800) !== 0);
    at += 46 + nameLength + extraLength + commentLength;
    if (path.endsWith('/')) continue;
    found.push({ path, bytes, read: () => expand(archive, { flags, method, packed, bytes, offset }) });
  }
  return found;
}

interface Packed {
  flags: number;
  method: number;
  packed: number;
  bytes: number;
  offset: number;
}

async function expand(archive: Blob, { flags, method, packed, bytes, offset }: Packed): Promise<Blob> {
  if ((flags & 1) !== 0) throw new ZipError('encrypted');
  if (method !== 0 && method !== 8) throw new ZipError('method');
  const header = await viewOf(archive, offset, offset + 30);
  if (header.byteLength < 30 || header.getUint32(0, true) !== 0x04034b50) throw new ZipError('damaged');
  const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const content = archive.slice(start, start + packed);
  if (method === 0) return content;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    const reader = content.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      // more than the directory promised: a bomb, or damage
      if (size > bytes) throw new ZipError('damaged');
      parts.push(part.value as Uint8Array<ArrayBuffer>);
    }
  } catch {
    throw new ZipError('damaged');
  }
  if (size !== bytes) throw new ZipError('damaged');
  return new Blob(parts);
}

/** UTF-8 when it says so or is valid (macOS does not say so), else Shift-JIS (Windows in Japanese), else Latin. */
function nameOf(bytes: Uint8Array, isUtf8: boolean): string {
  for (const encoding of isUtf8 ? ['utf-8'] : ['utf-8', 'shift_jis'])
    try {
      return clean(new TextDecoder(encoding, { fatal: true }).decode(bytes));
    } catch {
      // the next one
    }
  return clean(new TextDecoder('latin1').decode(bytes));
}

const clean = (name: string) => name.replaceAll('\\', '/').normalize('NFC');

async function viewOf(blob: Blob, from: number, to: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await blob.slice(from, to).arrayBuffer());
}
