import type { Picture } from '../resample/resample.ts';

/** Clockwise about its middle, bilinear; what turns in from outside is the picture mirrored at its edges: black corners would be a sign of their own. */
export function rotate({ pixels, width, height }: Picture, degrees: number): Picture {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const out = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - centreX, y - centreY];
      const fromX = mirrored(centreX + cos * dx + sin * dy, width - 1);
      const fromY = mirrored(centreY + cos * dy - sin * dx, height - 1);
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [right, below] = [fromX - left, fromY - top];
      const at = 3 * (top * width + left);
      const [across, down] = [left + 1 < width ? 3 : 0, top + 1 < height ? 3 * width : 0];
      for (let c = 0; c < 3; c++, to++) {
        const upper = pixels[at + c]! * (1 - right) + pixels[at + across + c]! * right;
        const lower = pixels[at + down + c]! * (1 - right) + pixels[at + down + across + c]! * right;
        out[to] = Math.round(upper * (1 - below) + lower * below);
      }
    }
  }
  return { pixels: out, width, height };
}

/** @param last pixel of the axis */
function mirrored(place: number, last: number): number {
  if (last === 0) return 0;
  const within = Math.abs(place) % (2 * last);
  return within > last ? 2 * last - within : within;
}
