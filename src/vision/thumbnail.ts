import { openDecoder } from './decode.ts';

/**
 * A small upright JPEG for reports.
 * @param size longest side, pixels
 * @throws MitateError IMAGE_*
 */
export async function thumbnail(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const { decoder } = openDecoder(bytes);
  return await decoder.resize(size, size, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality: 80 }).toBuffer();
}
