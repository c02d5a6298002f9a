import { and, asc, eq } from 'drizzle-orm';
import type { StoredChannel } from '../../contracts/loop/alert.ts';
import { MitateError } from '../../errors/index.ts';
import type { RepositoryContext } from '../database/context.ts';
import { channels, deliveries } from '../database/feedback-schema.ts';
import type { AlertStore } from './contract.ts';

type ChannelMethods = Pick<AlertStore, 'createChannel' | 'getChannel' | 'listChannels' | 'removeChannel'>;

function toChannel({ project: _, ...channel }: typeof channels.$inferSelect): StoredChannel {
  return channel;
}

export function channelRepository({ database, project }: RepositoryContext): ChannelMethods {
  const mine = eq(channels.project, project);
  return {
    async createChannel(name, definition, { who, at }) {
      const [row] = await database
        .insert(channels)
        .values({ project, name, definition, who, createdAt: at })
        .onConflictDoNothing()
        .returning();
      if (row === undefined) throw new MitateError('CHANNEL_EXISTS', { channel: name });
      return toChannel(row);
    },

    async getChannel(name) {
      const [row] = await database
        .select()
        .from(channels)
        .where(and(mine, eq(channels.name, name)));
      return row ? toChannel(row) : null;
    },

    async listChannels() {
      return (await database.select().from(channels).where(mine).orderBy(asc(channels.name))).map(toChannel);
    },

    async removeChannel(name) {
      return await database.transaction(async (tx) => {
        const [row] = await tx
          .delete(channels)
          .where(and(mine, eq(channels.name, name)))
          .returning();
        if (row === undefined) throw new MitateError('CHANNEL_UNKNOWN', { channel: name });
        await tx
          .update(deliveries)
          .set({ state: 'dead', nextAt: null, lastError: 'the channel was removed' })
          .where(and(eq(deliveries.project, project), eq(deliveries.channel, name), eq(deliveries.state, 'waiting')));
        return toChannel(row);
      });
    },
  };
}
