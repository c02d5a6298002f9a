import type { PhotoColumns } from '../../../src/client/index.ts';
import type { PhotoMap } from './data.ts';

/** Labels with a colour and a shape of their own; the others are drawn alike. */
export const mostOwn = 6;
const neighbours = 10;
const mostAmongOthers = 40;

export interface MapLabel {
  /** Index of the data set's labels. */
  number: number;
  label: string;
  photos: number;
}

/** Labels on the map, most frequent first. */
export function labelsOnMap({ at }: PhotoMap, { label, labels }: PhotoColumns): MapLabel[] {
  const counts = new Map<number, number>();
  for (const photo of at) counts.set(label[photo]!, (counts.get(label[photo]!) ?? 0) + 1);
  return [...counts]
    .map(([number, photos]) => ({ number, label: labels[number] ?? '', photos }))
    .sort((a, b) => b.photos - a.photos || a.number - b.number);
}

/** The point next to one in a direction: within 45 degrees of it. Null = there is none. */
export function nextPoint({ x, y }: PhotoMap, from: number, [dx, dy]: readonly [number, number]): number | null {
  let [best, nearest] = [-1, Number.POSITIVE_INFINITY];
  for (let i = 0; i < x.length; i++) {
    const [across, down] = [x[i]! - x[from]!, y[i]! - y[from]!];
    const along = across * dx + down * dy;
    const aside = Math.abs(across * dy - down * dx);
    const distance = across * across + down * down;
    if (along <= 0 || aside > along || distance >= nearest) continue;
    [best, nearest] = [i, distance];
  }
  return best < 0 ? null : best;
}

/** The point nearest to a place, within a distance. */
export function pointAt({ x, y }: PhotoMap, px: number, py: number, within: number): number | null {
  let [best, nearest] = [-1, within * within];
  for (let i = 0; i < x.length; i++) {
    const distance = (x[i]! - px) ** 2 + (y[i]! - py) ** 2;
    if (distance <= nearest) [best, nearest] = [i, distance];
  }
  return best < 0 ? null : best;
}

/** Points inside a closed outline, by the even-odd rule. @param outline corners, in the map's units */
export function pointsInside({ x, y }: PhotoMap, outline: readonly (readonly [number, number])[]): number[] {
  const found: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!];
    let isInside = false;
    let [ax, ay] = outline.at(-1) ?? [0, 0];
    for (const [bx, by] of outline) {
      if (by > py !== ay > py && px < ((ax - bx) * (py - by)) / (ay - by) + bx) isInside = !isInside;
      [ax, ay] = [bx, by];
    }
    if (isInside) found.push(i);
  }
  return found;
}

export interface Stray {
  /** Of the map. */
  point: number;
  /** Index of the label that most of the photos around it have, and how many of ten. */
  around: number;
  of: number;
}

/** Photos most of whose nearest ones have another label, the clearest first. */
export function strays(map: PhotoMap, { label }: PhotoColumns): Stray[] {
  const { at, x, y } = map;
  if (at.length <= neighbours) return [];
  const found: Stray[] = [];
  for (let i = 0; i < at.length; i++) {
    const near: [number, number][] = [];
    for (let j = 0; j < at.length; j++) {
      if (j === i) continue;
      const distance = (x[j]! - x[i]!) ** 2 + (y[j]! - y[i]!) ** 2;
      if (near.length === neighbours && distance >= near[neighbours - 1]![0]) continue;
      const place = near.findIndex(([other]) => distance < other);
      near.splice(place < 0 ? near.length : place, 0, [distance, j]);
      near.length = Math.min(near.length, neighbours);
    }
    const counts = new Map<number, number>();
    for (const [, j] of near) counts.set(label[at[j]!]!, (counts.get(label[at[j]!]!) ?? 0) + 1);
    const [around, of] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most));
    if (around !== label[at[i]!] && of > neighbours / 2) found.push({ point: i, around, of });
  }
  return found.sort((a, b) => b.of - a.of || a.point - b.point).slice(0, mostAmongOthers);
}
