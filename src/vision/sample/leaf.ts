/** A leaf as fields over the picture; each float32 [size, size]. */
export interface Leaf {
  size: number;
  /** Pixels of this picture for one pixel of a 256-px picture. */
  unit: number;
  /** Share of the pixel that the leaf covers, 0..1. */
  cover: Float32Array;
  /** 1 on a vein. */
  vein: Float32Array;
  /** 0 on a side vein, 1 midway between two. */
  between: Float32Array;
  /** 0 on the midrib, 1 on the margin. */
  edge: Float32Array;
  /** Incident light, about 1. */
  light: Float32Array;
  /** float32 [size, size, 3], albedo, 0..1. */
  albedo: Float32Array;
  /** How much of the colour is a lesion's, 0..1. */
  lesion: Float32Array;
}

export function emptyLeaf(size: number): Leaf {
  const field = () => new Float32Array(size * size);
  return {
    size,
    unit: size / 256,
    cover: field(),
    vein: field(),
    between: field(),
    edge: field(),
    light: field(),
    albedo: new Float32Array(size * size * 3),
    lesion: field(),
  };
}

/** Indexes of pixels well inside the leaf. */
export function insidePixels(leaf: Leaf): Uint32Array {
  const inside = new Uint32Array(leaf.cover.length);
  let count = 0;
  for (let i = 0; i < leaf.cover.length; i++) if (leaf.cover[i]! > 0.95) inside[count++] = i;
  return inside.subarray(0, count);
}
