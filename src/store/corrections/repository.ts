import { and, count, desc, eq, getTableColumns, inArray, isNull, max, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { chunks } from '../database/chunks.ts';
import { eqIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { corrections } from '../database/feedback-schema.ts';
import type { CorrectionStore } from './contract.ts';

const { project: _project, ...columns } = getTableColumns(corrections);

export function correctionRepository({ database, project }: RepositoryContext): CorrectionStore {
  const mine = eq(corrections.project, project);
  const later = alias(corrections, 'later');
  /** No later one of the same photo stands. */
  const stands = and(
    isNull(corrections.revertedAt),
    sql`not exists (select 1 from ${corrections} ${sql.identifier('later')} where ${and(
      eq(later.project, corrections.project),
      eq(later.pipeline, corrections.pipeline),
      eq(later.sha256, corrections.sha256),
      isNull(later.revertedAt),
      sql`${later.seq} > ${corrections.seq}`,
    )})`,
  );

  return {
    async add(added) {
      const rows = [];
      for (const part of chunks(added.map((each) => ({ ...each, project }))))
        rows.push(...(await database.insert(corrections).values(part).returning(columns)));
      return rows;
    },

    async revert(id, { who, at }) {
      const [row] = await database
        .update(corrections)
        .set({ revertedAt: at, revertedBy: who })
        .where(and(mine, eq(corrections.id, id), isNull(corrections.revertedAt)))
        .returning(columns);
      return row ?? null;
    },

    async erase(photos) {
      let erased = 0;
      for (const part of chunks(photos)) {
        const gone = await database
          .delete(corrections)
          .where(and(mine, inArray(corrections.sha256, part)))
          .returning({ seq: corrections.seq });
        erased += gone.length;
      }
      return erased;
    },

    async list({ pipeline, sha256, standing = false, before, limit = 100 } = {}) {
      return await database
        .select(columns)
        .from(corrections)
        .where(
          and(
            mine,
            eqIf(corrections.pipeline, pipeline),
            eqIf(corrections.sha256, sha256),
            ltIf(corrections.seq, before),
            standing ? stands : undefined,
          ),
        )
        .orderBy(desc(corrections.seq))
        .limit(limit);
    },

    async revision(pipeline) {
      const [row] = await database
        .select({ last: max(corrections.seq), reverted: count(corrections.revertedAt) })
        .from(corrections)
        .where(and(mine, eq(corrections.pipeline, pipeline)));
      return `${row?.last ?? 0}-${row?.reverted ?? 0}`;
    },
  };
}
