import { eventsQuerySchema } from '../events.ts';
import type { RouteIn, Routes } from '../route.ts';

export const eventRoutes = {
  'events.stream': {
    summary: 'Follow changes in the project: server-sent events',
    description:
      'Each event is a hint without data, `{"topic":"runs"}`: something of the topic changed in the last second, by whatever process; ask again. The first event, `ready`, names the topics. A comment every 15 s shows that the stream is alive; after ten minutes it ends, and a client opens it again. At most 20 are open at once for one key or user.',
    needs: ['read'],
    query: eventsQuerySchema,
    answer: ['text/event-stream'] as const,
    errors: ['EVENTS_TOO_MANY_STREAMS'],
  },
} satisfies Routes<RouteIn<'events'>>;
