/** One page of ListObjectsV2. */
export interface ListingPage {
  objects: { key: string; sizeBytes: number; etag: string; changedAt: Date }[];
  /** Of the next page; null = this is the last one. */
  next: string | null;
}

/** @throws Error with what is wrong, when it is no such listing */
export function parseListing(xml: string): ListingPage {
  if (!/<ListBucketResult[\s>/]/.test(xml)) throw new Error('the answer is no listing of objects');
  const isEncoded = textOf(xml, 'EncodingType') === 'url';
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, each]) => toObject(each!, isEncoded));
  const next = textOf(xml, 'NextContinuationToken');
  const isTruncated = textOf(xml, 'IsTruncated') === 'true';
  if (isTruncated && !next) throw new Error('the listing goes on, and does not say where');
  return { objects, next: isTruncated ? next : null };
}

function toObject(xml: string, isEncoded: boolean): ListingPage['objects'][number] {
  const [key, size, etag, changed] = ['Key', 'Size', 'ETag', 'LastModified'].map((name) => textOf(xml, name));
  const object = {
    key: isEncoded ? decoded(key ?? '') : (key ?? ''),
    sizeBytes: Number(size || Number.NaN),
    etag: (etag ?? '').replace(/^"|"$/g, ''),
    changedAt: new Date(changed ?? ''),
  };
  if (!object.key || !object.etag || !(object.sizeBytes >= 0) || Number.isNaN(object.changedAt.getTime()))
    throw new Error(`the listing has an object without key, size, ETag or time: ${xml.slice(0, 200)}`);
  return object;
}

/** As forms are encoded: a space is `+`. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw new Error(`the listing has a key that is not encoded as it says: ${key.slice(0, 200)}`);
  }
}

/** Of the first such element, which holds nothing but text. */
export function textOf(xml: string, name: string): string | null {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml);
  return found ? unescaped(found[1]!) : null;
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, name) => {
    if (name) return named[name.toLowerCase()]!;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
