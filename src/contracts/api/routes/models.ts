import { z } from 'zod';
import { modelSchema, modelVersionSchema } from '../../model.ts';
import {
  compareModelsQuerySchema,
  modelComparisonSchema,
  modelDetailsSchema,
  modelEvaluationSchema,
  promoteModelSchema,
  rollbackModelSchema,
  storedPhotoSchema,
  triedExplanationSchema,
  triedSchema,
} from '../models.ts';
import { pageQuerySchema, pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

const byReference = z.object({ reference: z.string().max(128).describe('name, name@3 or name@champion') });
const byName = z.object({ name: z.string().max(128) });

export const modelRoutes = {
  'models.list': {
    summary: 'List registered models, newest first',
    description: 'With the number of versions and the current champion.',
    needs: ['read'],
    query: pageQuerySchema,
    answer: pageSchema(modelSchema),
  },
  'models.get': {
    summary: 'Get a model version with its history',
    description:
      '`leaf-health` is the champion, `leaf-health@3` a version, `leaf-health@challenger` an alias. With metrics, signature, model card, aliases and deployments.',
    needs: ['read'],
    params: byReference,
    answer: modelDetailsSchema,
    errors: ['MODEL_NOT_FOUND'],
  },
  'models.versions': {
    summary: 'List versions of a model, newest first',
    description: 'With blessing and metrics of each.',
    needs: ['read'],
    params: byName,
    query: pageQuerySchema,
    answer: pageSchema(modelVersionSchema),
  },
  'models.compare': {
    summary: 'Compare two model versions photo by photo',
    description:
      'On the photos that are in the test splits of both: who is right about which, those first on which they differ most.',
    needs: ['read'],
    limitPerMinute: 60,
    query: compareModelsQuerySchema,
    answer: modelComparisonSchema,
    errors: ['MODEL_NOT_FOUND', 'MODEL_NOT_EVALUATED', 'SERVER_BUSY'],
  },
  'models.evaluation': {
    summary: 'Get the evaluation of a model version',
    description:
      'Metrics with intervals, curves, confusion matrix, reliability, slices, mistakes, and whether it was blessed. The newest evaluation of the version.',
    needs: ['read'],
    params: byReference,
    answer: modelEvaluationSchema,
    errors: ['MODEL_NOT_FOUND', 'MODEL_NOT_EVALUATED'],
  },
  'models.answers': {
    summary: "Get a model version's answer to every photo of its test split",
    description:
      'Binary, 40 bytes a photo; `readAnswers` of `mitate/client` reads it. Little endian: "MANS", uint32 1, uint32 N, uint32 header bytes, header (JSON), float32 scores [N], uint16 true labels [N], uint16 answered labels [N], sha256 [N][32].',
    needs: ['read'],
    limitPerMinute: 60,
    params: byReference,
    answer: ['application/octet-stream'],
    errors: ['MODEL_NOT_FOUND', 'MODEL_NOT_EVALUATED', 'SERVER_BUSY'],
  },
  'models.predict': {
    summary: 'Try a model version on a stored photo',
    description: 'At low priority, in a process of its own; it is no traffic: nothing is logged, counted or monitored.',
    needs: ['read'],
    limitPerMinute: 60,
    params: byReference,
    body: storedPhotoSchema,
    answer: triedSchema,
    errors: ['MODEL_NOT_FOUND', 'MODEL_PHOTO_UNKNOWN', 'SERVER_BUSY'],
  },
  'models.explain': {
    summary: 'Explain what a model version says of a stored photo',
    description: 'As `models.predict`, with the heat map as numbers.',
    needs: ['read'],
    limitPerMinute: 60,
    params: byReference,
    body: storedPhotoSchema,
    answer: triedExplanationSchema,
    errors: ['MODEL_NOT_FOUND', 'MODEL_PHOTO_UNKNOWN', 'MODEL_NOT_EXPLAINABLE', 'SERVER_BUSY'],
  },
  'models.promote': {
    summary: 'Promote a version to champion; endpoints that serve the model follow',
    description: 'Each endpoint loads and checks the version before it gets the stable traffic.',
    needs: ['operate', 'approve'],
    params: byName,
    body: promoteModelSchema,
    answer: modelVersionSchema,
    errors: ['MODEL_NOT_FOUND', 'MODEL_NO_CHALLENGER', 'MODEL_PROMOTION_UNBLESSED', 'DEPLOYMENT_NOT_READY'],
  },
  'models.rollback': {
    summary: 'Make the previous champion the champion again; its traffic follows',
    description:
      'Undoes the latest promotion of the model. Endpoints that serve it follow after the version has loaded and reproduced its warm-up predictions.',
    needs: ['operate', 'approve'],
    params: byName,
    body: rollbackModelSchema,
    answer: modelVersionSchema,
    errors: ['MODEL_NOT_FOUND', 'MODEL_NO_EARLIER_CHAMPION', 'DEPLOYMENT_NOT_READY'],
  },
} satisfies Routes<RouteIn<'models'>>;
