import type { Agreement } from '../../contracts/loop/labellers.ts';
import { type Alpha, krippendorffAlpha, type Ratings } from '../../math/metrics/krippendorff-alpha.ts';
import { bootstrap } from '../../math/stats/bootstrap.ts';
import { wilsonInterval } from '../../math/stats/proportion.ts';
import type { Opinion } from '../../store/feedback/contract.ts';

const mostPairs = 100;

interface Measured {
  alpha: Alpha;
  photos: number;
}

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
  const units = photos.map(ratings);
  const pairs = pairsOf(photos);
  const ofPairs = pairs.map(({ among }) => among.map(({ both }) => ratings(both)));
  const measure = (weights?: Float64Array): Measured[] => {
    const { all, each } = krippendorffAlpha(units, names.length, weights);
    return [
      { alpha: all, photos: photos.length },
      ...each.map((alpha, label) => ({ alpha, photos: units.filter(given(label)).length })),
      ...pairs.map(({ among }, i) => {
        const drawn = weights && among.map(({ photo }) => weights[photo]!);
        return { alpha: krippendorffAlpha(ofPairs[i]!, names.length, drawn).all, photos: among.length };
      }),
    ];
  };
  const found = measure();
  const intervals = bootstrap(
    photos.length,
    (weights) => ({ ...measure(weights).map(({ alpha }) => alpha.value) }) as Record<number, number>,
    { seed: 1 },
  );
  const alphas = found.map(({ alpha, photos: of }, i) => shown(alpha, of, intervals[i]!));
  return {
    endpoint,
    photos: photos.length,
    labellers: new Set(opinions.map(({ who }) => who)).size,
    contradicted: units.filter(({ length }) => length > 1).length,
    alpha: alphas[0]!,
    labels: names.map((label, i) => ({ label, photos: found[1 + i]!.photos, alpha: alphas[1 + i]! })),
    pairs: pairs.map(({ labellers, among }, i) => ({
      labellers,
      photos: among.length,
      agreed: among.filter(({ both: [a, b] }) => a!.label === b!.label).length,
      alpha: alphas[1 + names.length + i]!,
    })),
  };
}

const given = (label: number) => (unit: Ratings) => unit.some(([each]) => each === label);

interface Pair {
  labellers: [string, string];
  among: { photo: number; both: Opinion[] }[];
}

function pairsOf(photos: readonly (readonly Opinion[])[]): Pair[] {
  const pairs = new Map<string, Pair>();
  photos.forEach((opinions, photo) => {
    const sorted = opinions.toSorted((a, b) => (a.who < b.who ? -1 : 1));
    for (const [i, one] of sorted.entries())
      for (const other of sorted.slice(i + 1)) {
        const key = JSON.stringify([one.who, other.who]);
        const pair = pairs.get(key) ?? { labellers: [one.who, other.who], among: [] };
        pair.among.push({ photo, both: [one, other] });
        pairs.set(key, pair);
      }
  });
  return [...pairs.values()].sort((a, b) => b.among.length - a.among.length).slice(0, mostPairs);
}

/** Resamples of photos without any disagreement have none either: then the interval is that of the share of photos with one (Wilson). */
function shown({ value, expected }: Alpha, photos: number, { low, high }: { low: number; high: number }) {
  if (Number.isNaN(value)) return null;
  if (value < 1) return { value, low, high };
  return { value, low: Math.max(-1, 1 - wilsonInterval(0, photos).high / expected), high: 1 };
}
