import type { z } from 'zod';
import type { modelComparisonSchema } from '../../contracts/api/models.ts';
import { type CompareOptions, commonAnswers, type EvaluatedModel } from './answers-of-models.ts';
import { verdicts } from './mistakes.ts';

type ModelComparison = z.input<typeof modelComparisonSchema>;
export type ComparedPhotos = Pick<ModelComparison, 'counts' | 'leftOut' | 'why'> & { photos: ModelComparison['items'] };

/** Both models' answers to each photo that is in the test splits of both; those first on which they differ most. */
export async function comparePhotos(
  first: EvaluatedModel,
  second: EvaluatedModel,
  options: CompareOptions,
): Promise<ComparedPhotos> {
  const common = await commonAnswers(first, second, options);
  const counts = { 'first-only': 0, 'second-only': 0, 'both-wrong': 0, 'both-right': 0, changed: 0 };
  if (common.why !== null) return { counts, leftOut: common.leftOut, why: common.why, photos: [] };
  const sides = [verdicts(common.reference), verdicts(common.other)];
  const rows = common.examples.map(({ sha256, filename, label }, i) => {
    const answers = sides.map((verdict) => {
      const { answer, truth, probability } = verdict(i);
      return { answer, probability, isRight: answer === truth };
    });
    const [a, b] = answers as [(typeof answers)[number], (typeof answers)[number]];
    const group = a.isRight
      ? b.isRight
        ? ('both-right' as const)
        : ('first-only' as const)
      : b.isRight
        ? ('second-only' as const)
        : ('both-wrong' as const);
    counts[group]++;
    const isChanged = a.answer !== b.answer;
    if (isChanged) counts.changed++;
    // how far apart they are on the first one's answer; of two answers the other one has the rest
    const gap = isChanged ? Math.abs(a.probability - (1 - b.probability)) : Math.abs(a.probability - b.probability);
    return { gap, photo: { sha256, filename, label, group, isChanged, answers: [a, b] } };
  });
  rows.sort((a, b) => b.gap - a.gap || (a.photo.sha256 < b.photo.sha256 ? -1 : 1));
  return { counts, leftOut: common.leftOut, why: null, photos: rows.map(({ photo }) => photo) };
}
