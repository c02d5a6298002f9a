import wrongly from '@fastify/sse';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../../contracts/access.ts';
import { type Topic, topics } from '../../contracts/api/events.ts';
import { MitateError } from '../../errors/index.ts';
import { addRoutes } from '../add-routes.ts';
import { ChangeFeed } from '../change-feed.ts';
import type { ApiContext } from '../context.ts';

// Node imports what its types call the default of the default
const fastifySse = wrongly as unknown as typeof wrongly.default;

const heartbeatMs = 15_000;
/** Whoever listens longer shows again who they are. */
const longestMs = 10 * 60_000;

/** A browser with a tab on every screen has fewer. */
const mostOfOne = 20;

/** Hints of changes. Streams end before the server waits for its connections. */
export async function eventRoutes(app: FastifyInstance, context: ApiContext): Promise<void> {
  await app.register(fastifySse, { heartbeatInterval: heartbeatMs });
  const feed = new ChangeFeed();
  const open = new Set<() => void>();
  const streams = new Map<string, number>();
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    for (const end of open) end();
  });
  app.addHook('onClose', async () => feed[Symbol.dispose]());
  addRoutes(app, context, {
    'events.stream': async ({ store, principal, query, reply }) => {
      const caller = callerOf(principal);
      const before = streams.get(caller) ?? 0;
      if (before >= mostOfOne) throw new MitateError('EVENTS_TOO_MANY_STREAMS', { max: mostOfOne });
      const own = topics.filter((topic) => topic !== 'access' || principal.permissions.has('admin'));
      const wanted = new Set<Topic>(query.topics ? own.filter((topic) => query.topics?.includes(topic)) : own);
      reply.sse.keepAlive();
      const stop = feed.listen(store, (topic) => {
        if (wanted.has(topic)) void reply.sse.send({ data: { topic } }).catch(end);
      });
      const timer = setTimeout(end, longestMs).unref();
      open.add(end);
      streams.set(caller, before + 1);
      function end() {
        if (!open.delete(end)) return;
        clearTimeout(timer);
        const left = streams.get(caller)! - 1;
        if (left === 0) streams.delete(caller);
        else streams.set(caller, left);
        stop();
        reply.sse.close();
        // kept alive, it would be waited for
        if (closing) reply.request.raw.socket.destroySoon();
      }
      reply.sse.onClose(end);
      await reply.sse.send({ event: 'ready', data: { topics: [...wanted] } });
      // who it is was looked up meanwhile
      if (closing) end();
      return undefined;
    },
  });
}
