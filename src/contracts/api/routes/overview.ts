import { overviewSchema, searchQuerySchema, searchSchema } from '../overview.ts';
import type { RouteIn, Routes } from '../route.ts';

export const overviewRoutes = {
  'overview.get': {
    summary: 'Get the loop in numbers, what waits for a person, and whether the server is well',
    description:
      'At most a few seconds old. `health` is null for keys of other projects than `default`, except of admins of the server.',
    needs: ['read'],
    answer: overviewSchema,
  },
  'search.find': {
    summary: 'Find endpoints, models, runs, monitors, alerts, triggers, promotions, predictions and data sets',
    description:
      'By a part of the name; predictions, runs and subjects by their whole id or its beginning. At most five of each kind.',
    needs: ['read'],
    query: searchQuerySchema,
    answer: searchSchema,
  },
} satisfies Routes<RouteIn<'overview' | 'search'>>;
