import { z } from 'zod';
import { nameSchema } from '../../access.ts';
import { flywheelExportSchema, flywheelSpanSchema } from '../../loop/flywheel.ts';
import { dataDiffQuerySchema, dataDiffSchema } from '../data-diff.ts';
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

const bySet = z.object({ set: z.string().max(64).pipe(nameSchema) });

export const datasetRoutes = {
  'datasets.diff': {
    summary: 'Compare two data sets, or two spans of one',
    description:
      'Photos added, removed, relabelled and moved to another split (by sha256), near duplicates among the added, labels, and image properties with the size of their change.',
    needs: ['read'],
    query: dataDiffQuerySchema,
    answer: dataDiffSchema,
    errors: ['DATA_NOT_FOUND', 'SERVER_BUSY'],
  },
  'flywheel.spans': {
    summary: 'List spans exported from labelled predictions, newest first',
    description: 'Each is a folder of labelled photos for ExampleGen, with the counts of what was left out and why.',
    needs: ['read'],
    query: spansQuerySchema,
    answer: pageSchema(flywheelSpanSchema),
  },
  'flywheel.export': {
    summary: 'Export labelled predictions as a new span, in a folder inside the data roots',
    description:
      'Takes labelled predictions whose photos were kept and that are in no earlier span. Photos of golden sets are left out.',
    needs: ['operate'],
    body: exportFlywheelSchema,
    answer: flywheelExportSchema,
    errors: [
      'ENDPOINT_UNKNOWN',
      'FLYWHEEL_POLICY_INVALID',
      'PLACE_OUTSIDE',
      'FLYWHEEL_FOLDER_UNWRITABLE',
      'FLYWHEEL_BUSY',
      'SERVER_BUSY',
    ],
  },
  'golden.list': {
    summary: 'List golden sets',
    description: 'A golden set holds photos for evaluation only; ExampleGen rejects them as training data.',
    needs: ['read'],
    query: pageQuerySchema,
    answer: pageSchema(apiGoldenSetSchema),
  },
  'golden.add': {
    summary: 'Add photos of labelled predictions to a golden set; they are never used for training',
    description:
      'All labelled predictions of an endpoint whose photos were kept, or those in `requests`. The photos are copied, so their retention does not matter.',
    needs: ['operate'],
    body: addGoldenSchema,
    answer: goldenAdditionSchema,
    errors: [
      'ENDPOINT_UNKNOWN',
      'ACCESS_NAME_INVALID',
      'GOLDEN_LABEL_DIFFERS',
      'GOLDEN_REQUEST_UNUSABLE',
      'SERVER_BUSY',
    ],
  },
  'golden.remove': {
    summary: 'Delete a golden set',
    description: 'The set and its copies of photos. They may be used for training again.',
    needs: ['operate'],
    params: bySet,
    answer: z.object({ removed: z.int() }),
    errors: ['GOLDEN_SET_UNKNOWN'],
  },
  'golden.photos': {
    summary: 'List photos of a golden set, by label',
    description: 'With label, prediction and who added it.',
    needs: ['read'],
    params: bySet,
    query: pageQuerySchema,
    answer: pageSchema(apiGoldenExampleSchema),
    errors: ['GOLDEN_SET_UNKNOWN'],
  },
  'golden.removePhoto': {
    summary: 'Remove a photo from a golden set',
    description: 'By the sha256 of the photo.',
    needs: ['operate'],
    params: bySet.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    answer: apiGoldenExampleSchema,
    errors: ['GOLDEN_SET_UNKNOWN', 'GOLDEN_PHOTO_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'datasets' | 'flywheel' | 'golden'>>;
