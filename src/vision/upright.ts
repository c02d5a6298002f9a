import { decode } from './decode.ts';

export interface UprightPhoto {
  /** uint8 [height, width, 3], RGB. */
  pixels: Uint8Array;
  width: number;
  height: number;
}

/**
 * The whole photo with its EXIF orientation applied, never enlarged.
 * @param longestSide pixels
 * @throws MitateError IMAGE_*
 */
export async function uprightPhoto(bytes: Uint8Array, longestSide: number): Promise<UprightPhoto> {
  const { data, info } = await decode(bytes, (decoder) =>
    decoder
      .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  return { pixels: new Uint8Array(data), width: info.width, height: info.height };
}
