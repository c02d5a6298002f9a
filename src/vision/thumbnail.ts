import { decode } from './decode.ts';

/**
 * A small upright JPEG for reports.
 * @param size longest side, pixels
 * @throws MitateError IMAGE_*
 */
export function thumbnail(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  return decode(bytes, (decoder) =>
    decoder.resize(size, size, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality: 80 }).toBuffer(),
  );
}
