import { z } from 'zod';
import { durationSchema } from '../../../codecs/duration.ts';
import { maturityAnswerSchema } from '../maturity.ts';
import type { RouteIn, Routes } from '../route.ts';

export const reportRoutes = {
  'reports.html': {
    summary: 'Get traffic, quality, drift, cost and runs as one HTML page',
    description: 'For people who operate the models: self-contained, without scripts.',
    needs: ['read'],
    query: z.object({ last: durationSchema.default('7d') }),
    answer: ['text/html'],
    errors: ['REPORT_TIME_INVALID'],
  },
  'reports.maturity': {
    summary: 'Assess the project against Google’s MLOps levels, 46 checks',
    description:
      'What the project has evidence for, what is only claimed, and what is missing. docs/reference/maturity.md has what counts.',
    needs: ['read'],
    answer: z.array(maturityAnswerSchema),
  },
} satisfies Routes<RouteIn<'reports'>>;
