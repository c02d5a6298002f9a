import { join } from 'node:path';
import type { z } from 'zod';
import { packAnswers } from '../../artifacts/evaluation/answers-file.ts';
import { readSignature } from '../../artifacts/model/model-files.ts';
import type { modelComparisonSchema } from '../../contracts/api/models.ts';
import { MitateError } from '../../errors/index.ts';
import { answersOfModel } from '../../pipeline/evaluator/answers-of-models.ts';
import { comparePhotos } from '../../pipeline/evaluator/compare-photos.ts';
import { photoAnswers } from '../../pipeline/evaluator/photo-answers.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Comparing } from '../runs/compare-runs.ts';
import { type EvaluationOfModel, evaluationOfModel } from './evaluation.ts';

type ModelComparison = z.input<typeof modelComparisonSchema>;

export interface ComparedPage {
  models: readonly [string, string];
  photos: ModelComparison['items'][number]['group'] | 'changed' | 'all';
  limit: number;
  /** Photos before the page. */
  after: number;
}

/** Two versions photo by photo. @throws MODEL_NOT_FOUND, MODEL_NOT_EVALUATED */
export async function compareModelPhotos(
  { workspace, ...options }: Comparing,
  store: OpenStore,
  { models: [first, second], photos: wanted, limit, after }: ComparedPage,
): Promise<ModelComparison> {
  const sides = [await readable(store, first), await readable(store, second)] as const;
  const [a, b] = sides;
  const { photos, ...compared } = await comparePhotos(side(a), side(b), {
    ...options,
    cacheDir: join(workspace, 'cache'),
  });
  const found = photos.filter(
    ({ group, isChanged }) => wanted === 'all' || (wanted === 'changed' ? isChanged : group === wanted),
  );
  const models = sides.map(async ({ version: { name, version }, model }) => {
    const { threshold } = await readSignature(model.uri);
    return { name, version, threshold };
  });
  return {
    ...{ ...compared, models: await Promise.all(models), examples: a.examples.id },
    items: found.slice(after, after + limit),
    nextCursor: found.length > after + limit ? String(after + limit) : null,
  };
}

/** `answers.bin` of a version that was evaluated before there was one. @throws MODEL_NOT_FOUND, MODEL_NOT_EVALUATED */
export async function answersAgain({ workspace, ...options }: Comparing, store: OpenStore, reference: string) {
  const evaluated = side(await readable(store, reference));
  const { answers, examples } = await answersOfModel(evaluated, { ...options, cacheDir: join(workspace, 'cache') });
  return packAnswers(photoAnswers(answers, examples));
}

async function readable(store: OpenStore, reference: string): Promise<EvaluationOfModel> {
  const found = await evaluationOfModel(store, reference);
  if (found.model.deletedAt === null && found.examples.deletedAt === null) return found;
  const { name, version } = found.version;
  throw new MitateError('MODEL_NOT_EVALUATED', { model: `${name}@${version}`, reason: 'its photos were deleted' });
}

const side = ({ model, examples }: EvaluationOfModel) => ({ model, examplesUri: examples.uri });
