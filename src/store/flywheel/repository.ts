import { and, desc, eq, getTableColumns, inArray, max, or } from 'drizzle-orm';
import { MitateError } from '../../errors/index.ts';
import { chunks } from '../database/chunks.ts';
import { eqIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { flywheelPhotos, flywheelSpans } from '../database/feedback-schema.ts';
import type { FlywheelStore } from './contract.ts';

const { project: _spans, ...spanColumns } = getTableColumns(flywheelSpans);
const { project: _photos, ...photoColumns } = getTableColumns(flywheelPhotos);

export function flywheelRepository({ database, project }: RepositoryContext): FlywheelStore {
  const { imageSha256, sha256 } = flywheelPhotos;
  const copyOf = (photos: string[]) =>
    and(eq(flywheelPhotos.project, project), or(inArray(imageSha256, photos), inArray(sha256, photos)));
  return {
    async addSpan(span, photos) {
      await database.transaction(async (tx) => {
        const added = await tx
          .insert(flywheelSpans)
          .values({ ...span, project })
          .onConflictDoNothing()
          .returning({ seq: flywheelSpans.seq });
        const { folder } = span;
        if (added.length === 0) throw new MitateError('FLYWHEEL_BUSY', { folder, span: span.span });
        for (const rows of chunks(photos))
          await tx.insert(flywheelPhotos).values(rows.map((row) => ({ ...row, project, folder, span: span.span })));
      });
    },

    async removeSpan(folder, span) {
      await database.transaction(async (tx) => {
        for (const table of [flywheelPhotos, flywheelSpans])
          await tx.delete(table).where(and(eq(table.project, project), eq(table.folder, folder), eq(table.span, span)));
      });
    },

    async listSpans({ endpoint, before, limit = 100 } = {}) {
      const { seq } = flywheelSpans;
      return await database
        .select(spanColumns)
        .from(flywheelSpans)
        .where(and(eq(flywheelSpans.project, project), eqIf(flywheelSpans.endpoint, endpoint), ltIf(seq, before)))
        .orderBy(desc(seq))
        .limit(limit);
    },

    async lastSpan(folder) {
      const [row] = await database
        .select({ last: max(flywheelSpans.span) })
        .from(flywheelSpans)
        .where(eq(flywheelSpans.folder, folder));
      return row?.last ?? null;
    },

    async copiesOf(photos) {
      const found = [];
      for (const part of chunks(photos))
        found.push(...(await database.select(photoColumns).from(flywheelPhotos).where(copyOf(part))));
      return found;
    },

    async removeCopies(photos) {
      for (const part of chunks(photos)) await database.delete(flywheelPhotos).where(copyOf(part));
    },
  };
}
