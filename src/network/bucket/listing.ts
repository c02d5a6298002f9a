/** One page of ListObjectsV2. */
export interface ListingPage {
  objects: { key: string; sizeBytes: number; etag: string; changedAt: Date }[];
  /** Continuation token; null on the last page. */
  next: string | null;
}

/** @throws Error when the text is not a listing */
export function parseListing(xml: string): ListingPage {
  if (!/<ListBucketResult[\s>/]/.test(xml)) throw new Error('the response is not a listing of objects');
  const isEncoded = textOf(xml, 'EncodingType') === 'url';
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, each = '']) => toObject(each, isEncoded));
  const next = textOf(xml, 'NextContinuationToken');
  const isTruncated = textOf(xml, 'IsTruncated') === 'true';
  if (isTruncated && !next) throw new Error('the listing is truncated and has no continuation token');
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

/** Form encoding: a space is `+`. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw new Error(`the listing has a key with invalid encoding: ${key.slice(0, 200)}`);
  }
}

/** Text of the first such element. */
export function textOf(xml: string, name: string): string | null {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml);
  return found ? unescaped(found[1] ?? '') : null;
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, name) => {
    if (name) return named[name.toLowerCase()] ?? all;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
