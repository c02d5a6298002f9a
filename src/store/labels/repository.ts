import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { chunks } from '../database/chunks.ts';
import type { RepositoryContext } from '../database/context.ts';
import { labelNames } from '../database/feedback-schema.ts';
import type { LabelStore } from './contract.ts';

const { label, en, ja } = labelNames;

export function labelRepository({ database, project }: RepositoryContext): LabelStore {
  const mine = eq(labelNames.project, project);
  return {
    async name(names) {
      const isNamed = (each: (typeof names)[number]) => each.en !== null || each.ja !== null;
      for (const part of chunks(names.filter((each) => !isNamed(each)).map((each) => each.label)))
        await database.delete(labelNames).where(and(mine, inArray(label, part)));
      for (const part of chunks(names.filter(isNamed).map((each) => ({ ...each, project }))))
        await database
          .insert(labelNames)
          .values(part)
          .onConflictDoUpdate({
            target: [labelNames.project, label],
            set: { en: sql`excluded.en`, ja: sql`excluded.ja` },
          });
    },

    async names(of) {
      const found = async (part?: readonly string[]) =>
        await database
          .select({ label, en, ja })
          .from(labelNames)
          .where(and(mine, part && inArray(label, [...part])))
          .orderBy(asc(label));
      if (of === undefined) return await found();
      const parts = [];
      for (const part of chunks(of)) parts.push(...(await found(part)));
      return parts;
    },
  };
}
