import type { BenchContext, Figure } from '../figure.ts';
import { evaluated, interval, sourcesOf } from './evaluated.ts';

/** Faithfulness and borders on each source, localisation on drawn leaves. */
export async function heatMaps(context: BenchContext): Promise<Figure[]> {
  const photos = Math.max(10, Math.ceil(100 * context.options.scale));
  const figures: Figure[] = [];
  for (const [name, source] of await sourcesOf(context)) {
    const { explanations } = await evaluated(context, name, source, { explanations: { photos } });
    const { deletion, insertion, border, borderChance, localisation, photos: explained } = explanations!;
    const figure = (
      what: string,
      got: typeof deletion,
      note: string,
      met: boolean | null,
      toReach: string,
    ): Figure => ({
      ...{ what: `${name}: ${what}`, got: interval(got, 1, 3), toReach, met, note },
    });
    const above = (low: number | null, chance: number | null) => low !== null && chance !== null && low > chance;
    figures.push(
      figure('deletion', deletion, `${explained} photos`, above(deletion.low, 0), '> 0, whole interval'),
      figure('insertion', insertion, `${explained} photos`, above(insertion.low, 0), '> 0, whole interval'),
      figure(
        'hottest tenth at the borders',
        border,
        `by chance ${borderChance?.toFixed(3)}`,
        border.value! <= borderChance!,
        '<= chance',
      ),
    );
    if (localisation === null) continue;
    const { inLesions, pointing, chance, leaves } = localisation;
    const times = (inLesions.value! / chance!).toFixed(1);
    const note = `${leaves} leaves; by chance ${chance?.toFixed(3)}: x ${times}`;
    figures.push(
      figure('hottest tenth in lesions', inLesions, note, above(inLesions.low, chance), '> chance, whole interval'),
      figure('pointing game', pointing, note, above(pointing.low, chance), '> chance, whole interval'),
    );
  }
  return figures;
}
