import type { Robustness } from '../../src/contracts/artifacts/evaluation.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { evaluated, interval, sourcesOf } from './evaluated.ts';

/** The drop of accuracy under each alteration; no target: it is what the gate of a pipeline is set by. */
export async function robustness(context: BenchContext): Promise<Figure[]> {
  const photos = Math.max(20, Math.ceil(200 * context.options.scale));
  const figures: Figure[] = [];
  for (const [name, source] of await sourcesOf(context)) {
    const measured = await evaluated(context, name, source, { robustness: { photos } });
    figures.push(
      ...measured.robustness!.kinds.flatMap((kind) => [figureOf(name, kind), ...backgroundFigure(name, kind)]),
    );
  }
  return figures;
}

function figureOf(name: string, { kind, strength, photos, metrics, difference }: Robustness['kinds'][number]): Figure {
  return {
    what: `${name}, ${kind}: change of accuracy, points`,
    got: interval(difference.accuracy, 100, 1),
    toReach: '-',
    met: null,
    note: `${strength}; ${photos} photos, accuracy ${interval(metrics.accuracy, 100, 1)} %, AUC ${interval(metrics.auc, 1, 4)}`,
  };
}

/** Answers should not hang on what is behind the leaf. */
function backgroundFigure(name: string, { kind, photos, changed }: Robustness['kinds'][number]): Figure[] {
  if (kind !== 'background' || !changed) return [];
  return [
    {
      what: `${name}: answers that change when only the background is swapped`,
      got: `${interval(changed, 100, 1)} %`,
      toReach: '<= 5 %',
      met: changed.value !== null && changed.value <= 0.05,
      note: `${photos} photos with a clear subject`,
    },
  ];
}
