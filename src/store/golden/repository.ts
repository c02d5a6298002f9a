import { and, asc, count, eq, getTableColumns, inArray, max, min, or, sql } from 'drizzle-orm';
import type { GoldenSet } from '../../contracts/loop/golden.ts';
import { chunks } from '../database/chunks.ts';
import { eqIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { goldenExamples } from '../database/feedback-schema.ts';
import type { GoldenStore } from './contract.ts';

const { project: _project, ...columns } = getTableColumns(goldenExamples);

export function goldenRepository({ database, project, now }: RepositoryContext): GoldenStore {
  const mine = eq(goldenExamples.project, project);

  return {
    async addPhotos(photos) {
      const addedAt = now();
      return await database.transaction(async (tx) => {
        const added = [];
        for (const rows of chunks(photos.map((photo) => ({ ...photo, project, addedAt }))))
          added.push(...(await tx.insert(goldenExamples).values(rows).onConflictDoNothing().returning(columns)));
        return added;
      });
    },

    async listSets() {
      const { set, label, addedAt } = goldenExamples;
      const rows = await database
        .select({ set, label, photos: count(), since: min(addedAt), until: max(addedAt) })
        .from(goldenExamples)
        .where(mine)
        .groupBy(set, label)
        .orderBy(asc(set), asc(label));
      const sets = new Map<string, GoldenSet>();
      for (const row of rows)
        sets.set(row.set, join(sets.get(row.set), { ...row, since: row.since!, until: row.until! }));
      return [...sets.values()];
    },

    async listPhotos(set) {
      const wanted = set === undefined ? mine : and(mine, eq(goldenExamples.set, set));
      const order = [asc(goldenExamples.set), asc(goldenExamples.label), asc(goldenExamples.sha256)];
      return await database
        .select(columns)
        .from(goldenExamples)
        .where(wanted)
        .orderBy(...order);
    },

    async removePhotos(what) {
      const { set, sha256, imageSha256 } = goldenExamples;
      const chosen =
        'set' in what
          ? and(eq(set, what.set), eqIf(sha256, what.sha256))
          : or(inArray(sha256, [...what.imageSha256]), inArray(imageSha256, [...what.imageSha256]));
      return await database
        .delete(goldenExamples)
        .where(and(mine, chosen ?? sql`false`))
        .returning(columns);
    },
  };
}

interface LabelRow {
  set: string;
  label: string;
  photos: number;
  since: Date;
  until: Date;
}

function join(before: GoldenSet | undefined, { set, label, photos, since, until }: LabelRow): GoldenSet {
  if (!before) return { set, photos, labels: { [label]: photos }, since, until };
  return {
    set,
    photos: before.photos + photos,
    labels: { ...before.labels, [label]: photos },
    since: before.since < since ? before.since : since,
    until: before.until > until ? before.until : until,
  };
}
