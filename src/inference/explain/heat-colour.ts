/** Stops of the scale: share of full heat, then red, green, blue 0..255 and opacity 0..1. Lightness falls monotonically. */
const stops = [
  [0, 255, 237, 120, 0],
  [0.15, 255, 237, 120, 0],
  [0.4, 254, 200, 60, 0.42],
  [0.7, 245, 110, 30, 0.6],
  [1, 200, 10, 40, 0.72],
] as const;
const against = [40, 90, 220] as const;

/** @param share -1..1 of full heat; negative = against the class @returns red, green, blue 0..255, opacity 0..1 */
export function heatColour(share: number): [red: number, green: number, blue: number, cover: number] {
  const size = Math.abs(share);
  const upper = stops.findIndex(([at]) => at >= size);
  const [from, to] = [stops[Math.max(0, upper - 1)]!, stops[Math.max(1, upper)]!];
  const part = (size - from[0]) / (to[0] - from[0]);
  const between = (k: 1 | 2 | 3 | 4) => from[k] + (to[k] - from[k]) * part;
  if (share < 0) return [...against, between(4)];
  return [between(1), between(2), between(3), between(4)];
}
