/**
 * The binary index of a data set, for screens that show a million photos: 10 bytes a photo, little endian.
 *
 *     0   4   "MTPI"
 *     4   1   version of this layout: 1
 *     5   3   zero
 *     8   4   uint32 n, photos
 *     12  4   uint32 h, bytes of the header, a multiple of 8
 *     16  h   header: JSON, padded with spaces
 *     then columns of n photos, in the order of `examples.jsonl` (train, eval, test; then sha256):
 *         uint32 group    photos with the same number are alike or of one object; 0 = alone
 *         uint16 label    index into the header's `labels`
 *         uint8  flags    `photoFlags`; the lowest two bits are the split: 0 train, 1 eval, 2 test
 *         uint8  colour   3 x n: mean red, green, blue of each photo
 */
export const photoIndexVersion = 1;
export const photoIndexMagic = 'MTPI';
export const photoIndexStart = 16;
export const bytesPerPhoto = 10;

/** Labels beyond are all called by the last number. */
export const mostLabels = 0x1_0000;

export const photoFlags = {
  /** The other photos contradict its label. */
  suspicious: 4,
  /** Of the test split: the model of the newest evaluation was wrong, and it is among the worst. */
  mistake: 8,
  /** It has another label than in the data set, by a correction that stands. */
  corrected: 16,
  /** A correction that stands leaves it out. */
  excluded: 32,
  /** Somebody looked at it: the label was kept, corrected, or the photo excluded. */
  decided: 64,
} as const;
export type PhotoMark = keyof typeof photoFlags;
export const splitBits = 3;

export interface PhotoIndexHeader {
  labels: string[];
}
