import type { Agreement } from '../../contracts/loop/labellers.ts';
import { type Alpha, krippendorffAlpha, type Ratings } from '../../math/metrics/krippendorff-alpha.ts';
import { bootstrap } from '../../math/stats/bootstrap.ts';
import { wilsonInterval } from '../../math/stats/proportion.ts';
import type { Opinion } from '../../store/feedback/contract.ts';

const mostPairs = 100;

/** 1,000, fewer of more than 5,000 photos, whose intervals are narrow: 1,000 of 30,000 took 12 s. */
const resamplesOf = (photos: number) => Math.max(200, Math.min(1_000, Math.round(5e6 / photos)));

/** By endpoint. @param opinions of photos with two or more */
export function agreementOf(opinions: readonly Opinion[]): Agreement[] {
  const byEndpoint = Map.groupBy(opinions, ({ endpoint }) => endpoint);
  return [...byEndpoint].sort(([a], [b]) => (a < b ? -1 : 1)).map(([endpoint, own]) => ofEndpoint(endpoint, own));
}

function ofEndpoint(endpoint: string, opinions: readonly Opinion[]): Agreement {
  const photos = [...Map.groupBy(opinions, ({ request }) => request).values()];
  const names = [...new Set(opinions.map(({ label }) => label))].sort();
  const index = new Map(names.map((name, i) => [name, i]));
  const ratings = (given: readonly Opinion[]): Ratings =>
    [...Map.groupBy(given, ({ label }) => index.get(label)!)].map(([label, same]) => [label, same.length] as const);
  // photos that were labelled alike by the same labellers are weighed together: thousands of them are a few patterns
  const patterns = [...Map.groupBy(photos.keys(), (photo) => keyOf(photos[photo]!)).values()];
  const patternOf = new Uint32Array(photos.length);
  for (const [pattern, alike] of patterns.entries()) for (const photo of alike) patternOf[photo] = pattern;
  const given = patterns.map(([photo]) => photos[photo!]!);
  const units = given.map(ratings);
  const sizes = patterns.map(({ length }) => length);
  const pairs = pairsOf(given, sizes);
  const ofPairs = pairs.map(({ among }) => among.map(({ both }) => ratings(both)));
  const measure = (drawn: ArrayLike<number>): Alpha[] => {
    const { all, each } = krippendorffAlpha(units, names.length, drawn);
    const ofPair = ({ among }: Pair, i: number) =>
      krippendorffAlpha(
        ofPairs[i]!,
        names.length,
        among.map(({ pattern }) => drawn[pattern]!),
      ).all;
    return [all, ...each, ...pairs.map(ofPair)];
  };
  const statistics = (weights: Float64Array | undefined): Record<number, number> => {
    const drawn = new Float64Array(patterns.length);
    for (let photo = 0; photo < photos.length; photo++) drawn[patternOf[photo]!]! += weights?.[photo] ?? 1;
    return { ...measure(drawn).map(({ value }) => value) };
  };
  const intervals = bootstrap(photos.length, statistics, { seed: 1, resamples: resamplesOf(photos.length) });
  const [all, ...others] = measure(sizes).map((alpha, i) => (of: number) => shown(alpha, of, intervals[i]!));
  const count = (isCounted: (pattern: number) => boolean) =>
    sizes.reduce((sum, size, pattern) => sum + (isCounted(pattern) ? size : 0), 0);
  return {
    endpoint,
    photos: photos.length,
    labellers: new Set(opinions.map(({ who }) => who)).size,
    contradicted: count((pattern) => units[pattern]!.length > 1),
    alpha: all!(photos.length),
    labels: names.map((label, i) => {
      const of = count((pattern) => units[pattern]!.some(([each]) => each === i));
      return { label, photos: of, alpha: others[i]!(of) };
    }),
    pairs: pairs.map(({ labellers, among, photos: of }, i) => {
      const alike = among.filter(({ both: [a, b] }) => a!.label === b!.label);
      const agreed = alike.reduce((sum, { pattern }) => sum + sizes[pattern]!, 0);
      return { labellers, photos: of, agreed, alpha: others[names.length + i]!(of) };
    }),
  };
}

const keyOf = (opinions: readonly Opinion[]) => JSON.stringify(opinions.map(({ who, label }) => [who, label]).sort());

interface Pair {
  labellers: [string, string];
  photos: number;
  among: { pattern: number; both: Opinion[] }[];
}

/** @param sizes photos of each pattern */
function pairsOf(patterns: readonly (readonly Opinion[])[], sizes: readonly number[]): Pair[] {
  const pairs = new Map<string, Pair>();
  patterns.forEach((opinions, pattern) => {
    const sorted = opinions.toSorted((a, b) => (a.who < b.who ? -1 : 1));
    for (const [i, one] of sorted.entries())
      for (const other of sorted.slice(i + 1)) {
        const key = JSON.stringify([one.who, other.who]);
        const pair = pairs.get(key) ?? { labellers: [one.who, other.who], photos: 0, among: [] };
        pair.photos += sizes[pattern]!;
        pair.among.push({ pattern, both: [one, other] });
        pairs.set(key, pair);
      }
  });
  return [...pairs.values()].sort((a, b) => b.photos - a.photos).slice(0, mostPairs);
}

/** Resamples of photos without any disagreement have none either: then the interval is that of the share of photos with one (Wilson). */
function shown({ value, expected }: Alpha, photos: number, { low, high }: { low: number; high: number }) {
  if (Number.isNaN(value)) return null;
  if (value < 1) return { value, low, high };
  return { value, low: Math.max(-1, 1 - wilsonInterval(0, photos).high / expected), high: 1 };
}
