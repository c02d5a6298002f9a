const size = 256;
let photo: Promise<Uint8Array> | undefined;

/** A drawn leaf, the same in every server: JPEG, 256 x 256. Drawn on first use. */
export function builtInPhoto(): Promise<Uint8Array> {
  photo ??= draw();
  return photo;
}

/** The server has no image library loaded otherwise. */
async function draw(): Promise<Uint8Array> {
  const [{ encodeJpeg }, { drawLeaf }] = await Promise.all([
    import('../../vision/encode.ts'),
    import('../../vision/sample/index.ts'),
  ]);
  return await encodeJpeg(drawLeaf({ seed: 'test-predict', label: 'oak_healthy', size }).pixels, size, size);
}
