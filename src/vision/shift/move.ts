import type { Picture } from '../resample/resample.ts';

/** Takes each pixel from another place, mirrored at the edges; nearest pixel. */
export function moved({ pixels, width, height }: Picture, from: (x: number, y: number) => [number, number]): Picture {
  const out = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const [fromX, fromY] = from(x, y);
      const at = 3 * (mirrored(fromY, height) * width + mirrored(fromX, width));
      out[to] = pixels[at]!;
      out[to + 1] = pixels[at + 1]!;
      out[to + 2] = pixels[at + 2]!;
    }
  }
  return { pixels: out, width, height };
}

function mirrored(place: number, side: number): number {
  const at = ((Math.round(place) % (2 * side)) + 2 * side) % (2 * side);
  return at < side ? at : 2 * side - 1 - at;
}
