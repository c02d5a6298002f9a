import { z } from 'zod';
import { modelSchema, modelVersionSchema } from '../../model.ts';
import { modelDetailsSchema, promoteModelSchema, rollbackModelSchema } from '../models.ts';
import { pageQuerySchema, pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

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
    params: z.object({ reference: z.string().max(128).describe('name, name@3 or name@champion') }),
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
