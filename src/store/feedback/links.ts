import { and, eq, gte, or } from 'drizzle-orm';
import type { RepositoryContext } from '../database/context.ts';
import { linkRevocations } from '../database/feedback-schema.ts';
import type { FeedbackStore } from './contract.ts';

export function linkMethods({
  database,
  project,
  now,
}: RepositoryContext): Pick<FeedbackStore, 'revokeLinks' | 'isLinkRevoked'> {
  const { kind, subject, at } = linkRevocations;
  return {
    async revokeLinks(which) {
      const until = now();
      await database
        .insert(linkRevocations)
        .values({ project, ...which, at: until })
        .onConflictDoUpdate({ target: [linkRevocations.project, kind, subject], set: { at: until } });
    },

    async isLinkRevoked({ link, request, endpoint, madeAt }) {
      const allOf = (of: 'request' | 'endpoint', name: string) => and(eq(kind, of), eq(subject, name), gte(at, madeAt));
      const found = await database
        .select({ at })
        .from(linkRevocations)
        .where(
          and(
            eq(linkRevocations.project, project),
            or(and(eq(kind, 'link'), eq(subject, link)), allOf('request', request), allOf('endpoint', endpoint)),
          ),
        )
        .limit(1);
      return found.length > 0;
    },
  };
}
