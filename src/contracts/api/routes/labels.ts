import { labelsQuerySchema, labelsSchema, namedLabelsSchema, nameLabelsSchema } from '../../loop/label-name.ts';
import type { RouteIn, Routes } from '../route.ts';

export const labelRoutes = {
  'labels.list': {
    summary: 'List labels with the names that people read instead of them',
    description:
      'By label. The API answers and takes the label itself everywhere; only pages for people show the name of their language.',
    needs: ['read'],
    query: labelsQuerySchema,
    answer: labelsSchema,
  },
  'labels.name': {
    summary: 'Set or remove display names of labels, in English and Japanese',
    description: 'All or none, up to 5,000 labels in one call. Labels that are not known yet may be named too.',
    needs: ['operate'],
    body: nameLabelsSchema,
    // 5,000 labels with two long names
    bodyLimitBytes: 4 * 1024 * 1024,
    answer: namedLabelsSchema,
    errors: ['LABEL_NAME_INVALID', 'LABEL_NAMES_TOO_MANY'],
  },
} satisfies Routes<RouteIn<'labels'>>;
