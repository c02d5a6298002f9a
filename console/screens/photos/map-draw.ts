import type { PhotoColumns } from '../../../src/client/index.ts';
import type { PhotoMap, RequestsOnMap } from './data.ts';
import { type MapLabel, mostOwn } from './map-points.ts';

/** One per label that has its own, then that of the others: circle, diamond, triangle, square, cross, ring. Within 10 pixels. */
export const shapes: readonly string[] = [
  'M0 -4 A4 4 0 1 1 0 4 A4 4 0 1 1 0 -4 Z',
  'M0 -5 L5 0 L0 5 L-5 0 Z',
  'M0 -5 L5 4 L-5 4 Z',
  'M-4 -4 H4 V4 H-4 Z',
  'M-5 -1.5 H-1.5 V-5 H1.5 V-1.5 H5 V1.5 H1.5 V5 H-1.5 V1.5 H-5 Z',
  'M0 -5 A5 5 0 1 1 0 5 A5 5 0 1 1 0 -5 Z M0 -2.5 A2.5 2.5 0 1 0 0 2.5 A2.5 2.5 0 1 0 0 -2.5 Z',
  'M0 -2.5 A2.5 2.5 0 1 1 0 2.5 A2.5 2.5 0 1 1 0 -2.5 Z',
];
const colours = ['--healthy', '--unwell', '--uncertain', '--act', '--focus', '--ink', '--quiet'];

/** From the map to CSS pixels: the longer side of the data fits, and y points up. */
export interface Frame {
  width: number;
  height: number;
  place: (x: number, y: number) => readonly [number, number];
  back: (px: number, py: number) => readonly [number, number];
  /** Pixels of one unit. */
  scale: number;
}

const border = 16;

/** A request: a cross of thin lines, which hides no photo. */
export const requestShape = 'M-4 -4 L4 4 M-4 4 L4 -4';

/** @param traffic drawn over the photos: it may lie beyond them */
export function frameOf(map: PhotoMap, traffic: RequestsOnMap['items'], width: number, height: number): Frame {
  const x = [...map.x, ...traffic.map((request) => request.x)];
  const y = [...map.y, ...traffic.map((request) => request.y)];
  const [left, right] = ends(x);
  const [bottom, top] = ends(y);
  const scale = Math.min((width - 2 * border) / (right - left || 1), (height - 2 * border) / (top - bottom || 1));
  const [middleX, middleY] = [(left + right) / 2, (bottom + top) / 2];
  return {
    ...{ width, height, scale },
    place: (px, py) => [width / 2 + (px - middleX) * scale, height / 2 - (py - middleY) * scale],
    back: (px, py) => [middleX + (px - width / 2) / scale, middleY - (py - height / 2) / scale],
  };
}

function ends(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return values.length === 0 ? [0, 0] : [low, high];
}

/** Draws every photo; with a selection, or a chosen label, the others stay faint below it. */
export function drawMap(
  canvas: HTMLCanvasElement,
  frame: Frame,
  of: {
    map: PhotoMap;
    index: PhotoColumns;
    labels: readonly MapLabel[];
    chosen: string | undefined;
    /** Positions in the data set. */
    selected: ReadonlySet<number>;
    traffic: RequestsOnMap['items'];
    cursor: number | null;
  },
): void {
  const { map, index, labels, chosen, selected, traffic, cursor } = of;
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(frame.width * ratio);
  canvas.height = Math.round(frame.height * ratio);
  const style = getComputedStyle(canvas);
  const fills = colours.map((name) => style.getPropertyValue(name));
  const paths = shapes.map((shape) => new Path2D(shape));
  const rank = new Map(labels.map(({ number }, i) => [number, Math.min(i, mostOwn)]));
  const chosenNumber = chosen === undefined ? null : index.labels.indexOf(chosen);
  const isSome = map.at.some((at) => selected.has(at));
  const isFaint = (at: number) =>
    isSome ? !selected.has(at) : chosenNumber !== null && index.label[at] !== chosenNumber;
  const put = (i: number, kind: number) => {
    const [x, y] = frame.place(map.x[i]!, map.y[i]!);
    context.setTransform(ratio, 0, 0, ratio, x * ratio, y * ratio);
    context.fill(paths[kind]!);
  };
  // faint ones first, then the others in an order that lets no label cover all of another
  for (const faint of [true, false])
    for (let i = 0; i < map.at.length; i++) {
      if (isFaint(map.at[i]!) !== faint) continue;
      const kind = rank.get(index.label[map.at[i]!]!) ?? mostOwn;
      context.fillStyle = faint ? style.getPropertyValue('--line') : fills[kind]!;
      context.globalAlpha = faint ? 0.7 : 0.85;
      put(i, faint ? mostOwn : kind);
    }
  const cross = new Path2D(requestShape);
  context.globalAlpha = 1;
  context.strokeStyle = style.getPropertyValue('--ink');
  for (const { x, y, outOfDistribution } of traffic) {
    const [px, py] = frame.place(x, y);
    // those that are unlike are larger and bolder
    const scale = ratio * (outOfDistribution ? 1.5 : 0.9);
    context.lineWidth = outOfDistribution ? 1.5 : 1.1;
    context.setTransform(scale, 0, 0, scale, px * ratio, py * ratio);
    context.stroke(cross);
  }
  if (cursor !== null && cursor < map.at.length) {
    const [x, y] = frame.place(map.x[cursor]!, map.y[cursor]!);
    context.setTransform(ratio, 0, 0, ratio, x * ratio, y * ratio);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.strokeStyle = style.getPropertyValue('--focus');
    context.beginPath();
    context.arc(0, 0, 9, 0, 2 * Math.PI);
    context.stroke();
  }
}
