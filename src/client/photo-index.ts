import {
  type PhotoIndexHeader,
  photoFlags,
  photoIndexMagic,
  photoIndexStart,
  photoIndexVersion,
  splitBits,
} from '../contracts/artifacts/photo-index.ts';

export { photoFlags };

/** A data set in columns, one entry per photo, in the order of `data.photos`. */
export interface PhotoColumns extends PhotoIndexHeader {
  count: number;
  /** Photos with the same number are alike or of one object; 0 = alone. */
  group: Uint32Array;
  /** Indexes of `labels`. */
  label: Uint16Array;
  /** Bits of `photoFlags`. */
  flags: Uint8Array;
  /** Mean red, green and blue of each photo, three bytes. */
  colour: Uint8Array;
}

/** The answer of `data.index`. @throws RangeError when it is not one, or of a later version */
export function readPhotoIndex(buffer: ArrayBuffer): PhotoColumns {
  const view = new DataView(buffer);
  const magic = buffer.byteLength < photoIndexStart ? '' : String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== photoIndexMagic) throw new RangeError('not a photo index');
  const version = view.getUint8(4);
  if (version !== photoIndexVersion) throw new RangeError(`photo index of version ${version}: update the client`);
  const count = view.getUint32(8, true);
  const size = view.getUint32(12, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, photoIndexStart, size)));
  const start = photoIndexStart + size;
  return {
    ...(header as PhotoIndexHeader),
    count,
    group: new Uint32Array(buffer, start, count),
    label: new Uint16Array(buffer, start + 4 * count, count),
    flags: new Uint8Array(buffer, start + 6 * count, count),
    colour: new Uint8Array(buffer, start + 7 * count, 3 * count),
  };
}

export const splitOf = (flags: number): 'train' | 'eval' | 'test' =>
  (['train', 'eval', 'test'] as const)[flags & splitBits] ?? 'train';
