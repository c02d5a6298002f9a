import { z } from 'zod';
import { flywheelExportSchema, flywheelSpanSchema } from '../../loop/flywheel.ts';
import {
  addGoldenSchema,
  apiGoldenExampleSchema,
  apiGoldenSetSchema,
  exportFlywheelSchema,
  goldenAdditionSchema,
  spansQuerySchema,
} from '../flywheel.ts';
import { pageQuerySchema, pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

const bySet = z.object({ set: z.string().max(64) });

export const datasetRoutes = {
  'flywheel.spans': {
    summary: 'List spans exported from labelled predictions, newest first',
    needs: ['read'],
    query: spansQuerySchema,
    answer: pageSchema(flywheelSpanSchema),
  },
  'flywheel.export': {
    summary: 'Export labelled predictions as a new span, in a folder inside the pipelines folder',
    needs: ['operate'],
    body: exportFlywheelSchema,
    answer: flywheelExportSchema,
    errors: ['ENDPOINT_UNKNOWN', 'FLYWHEEL_FOLDER_OUTSIDE'],
  },
  'golden.list': {
    summary: 'List golden sets',
    needs: ['read'],
    query: pageQuerySchema,
    answer: pageSchema(apiGoldenSetSchema),
  },
  'golden.add': {
    summary: 'Add photos of labelled predictions to a golden set; they are never used for training',
    needs: ['operate'],
    body: addGoldenSchema,
    answer: goldenAdditionSchema,
    errors: ['ENDPOINT_UNKNOWN', 'GOLDEN_LABEL_DIFFERS'],
  },
  'golden.remove': {
    summary: 'Delete a golden set',
    needs: ['operate'],
    params: bySet,
    answer: z.object({ removed: z.int() }),
    errors: ['GOLDEN_SET_UNKNOWN'],
  },
  'golden.photos': {
    summary: 'List photos of a golden set, by label',
    needs: ['read'],
    params: bySet,
    query: pageQuerySchema,
    answer: pageSchema(apiGoldenExampleSchema),
    errors: ['GOLDEN_SET_UNKNOWN'],
  },
  'golden.removePhoto': {
    summary: 'Remove a photo from a golden set',
    needs: ['operate'],
    params: bySet.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    answer: apiGoldenExampleSchema,
    errors: ['GOLDEN_SET_UNKNOWN', 'GOLDEN_PHOTO_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'flywheel' | 'golden'>>;
