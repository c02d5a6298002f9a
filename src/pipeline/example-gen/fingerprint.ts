import { digestOf } from '../../codecs/digest.ts';
import type { Capabilities, RunContext } from '../../contracts/component.ts';
import type { GoldenPhoto } from '../../contracts/loop/golden.ts';
import { photoCache } from '../../sources/cache/photo-cache.ts';
import { StatCache } from '../../sources/cache/stat-cache.ts';
import { type Correction, readCorrections } from '../../sources/corrections.ts';
import { digestOfSource } from '../../sources/digest-of-source.ts';
import type { SourceOptions } from '../../sources/open-source.ts';
import { byCodeUnit } from '../../sources/source-path.ts';
import { resolveSources } from './resolve-sources.ts';
import type { ExampleGenParameters } from './spec.ts';

type Context = Pick<RunContext, 'cacheDir' | 'signal'> & Pick<Capabilities, 'golden'>;

/** Digest of the photos, labels and attributes of the sources, corrected labels, and golden photos that are left out: equal for equal content. */
export async function fingerprint(parameters: ExampleGenParameters, context: Context): Promise<string> {
  const { signal } = context;
  const cacheDir = photoCache(context.cacheDir);
  const stats = await StatCache.open(cacheDir);
  const { allowUrls, limits } = parameters;
  const options: SourceOptions = { allowUrls, limits, cacheDir, signal };
  const digest = async (source: ExampleGenParameters['source']) => {
    const places = [];
    for (const { path, span, version } of resolveSources(source, parameters.span))
      places.push({ span, version, content: await digestOfSource(path, options, stats, signal) });
    const [first] = places;
    return first && places.length === 1 ? first : places;
  };
  try {
    return digestOf([
      await digest(parameters.source),
      parameters.test === undefined ? null : await digest(parameters.test),
      ...goldenDigests(await context.golden.photos()),
      ...correctedLabels(await readCorrections(parameters.corrections)),
    ]);
  } finally {
    await stats.save();
  }
}

/** Nothing without corrections, for the same reason. */
function correctedLabels(corrections: ReadonlyMap<string, Correction>): { corrected: (string | null)[][] }[] {
  if (corrections.size === 0) return [];
  const labels = [...corrections.values()].map(({ sha256, label }) => [sha256, label]);
  return [{ corrected: labels.sort(([a], [b]) => byCodeUnit(a!, b!)) }];
}

/** Nothing without golden photos, so that the digests from before the first one stay the same. */
function goldenDigests(golden: readonly GoldenPhoto[]): string[][] {
  return golden.length === 0 ? [] : [[...new Set(golden.map(({ sha256: digest }) => digest))].sort(byCodeUnit)];
}
