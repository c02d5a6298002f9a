import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import { sha256 } from '../../codecs/digest.ts';
import type { RepositoryContext } from '../database/context.ts';
import { feedback, linkRevocations, reviewItems } from '../database/feedback-schema.ts';
import { factRequests, imageHolds, tombstones } from '../database/schema.ts';
import type { RequestStore } from './contract.ts';

type Methods = Pick<
  RequestStore,
  'holdImage' | 'expiredImages' | 'forgetImages' | 'eraseRequests' | 'vacuum' | 'listTombstones'
>;

export function erasureMethods({ database, project, now }: RepositoryContext): Methods {
  const ofProject = eq(factRequests.project, project);
  return {
    async holdImage(image, { until, given }) {
      const hash = sha256(`${project}/${image}`);
      if ((await database.$count(tombstones, eq(tombstones.hash, hash))) > 0) return false;
      await database
        .insert(imageHolds)
        .values({ project, imageSha256: image, until, given })
        .onConflictDoUpdate({
          target: [imageHolds.project, imageHolds.imageSha256],
          set: { until: sql`greatest(${imageHolds.until}, excluded.until)` },
        });
      if (given)
        await database
          .update(factRequests)
          .set({ imageKept: true })
          .where(and(ofProject, eq(factRequests.imageSha256, image)));
      return true;
    },

    async expiredImages(limits, otherwise, at) {
      const named = [...limits].map(([endpoint, before]) => ({ endpoint, before }));
      const { rows } = await database.execute(sql`
        select f.image_sha256 as image from fact_requests f
        left join image_holds h on h.project = f.project and h.image_sha256 = f.image_sha256
        left join json_to_recordset(${JSON.stringify(named)}::json) as l(endpoint text, before timestamptz) on l.endpoint = f.endpoint
        where f.project = ${project} and f.image_kept
        group by f.image_sha256
        having coalesce(max(h.until) < ${at.toISOString()}::timestamptz, true) and (coalesce(bool_or(h.given), false) or bool_and(case when l.endpoint is null then f.logging_time < ${otherwise.toISOString()}::timestamptz
          else coalesce(f.logging_time < l.before, false) end))`);
      return rows.map(({ image }) => image as string);
    },

    async forgetImages(images) {
      if (images.length === 0) return;
      await database
        .update(factRequests)
        .set({ imageKept: false })
        .where(and(ofProject, inArray(factRequests.imageSha256, [...images])));
      await database
        .delete(imageHolds)
        .where(and(eq(imageHolds.project, project), inArray(imageHolds.imageSha256, [...images])));
    },

    async eraseRequests({ publicIds, images }, { who, why }) {
      const at = now();
      const marks = [
        ...publicIds.map((id) => ({ hash: sha256(`${project}/${id}`), kind: 'request' as const })),
        ...images.map((image) => ({ hash: sha256(`${project}/${image}`), kind: 'image' as const })),
      ].map((mark) => ({ ...mark, project, at, who, why }));
      if (marks.length === 0) return 0;
      return await database.transaction(async (tx) => {
        await tx
          .insert(tombstones)
          .values(marks)
          .onConflictDoUpdate({ target: tombstones.hash, set: { at, who, why } });
        const rows = await tx
          .delete(factRequests)
          .where(
            and(
              ofProject,
              or(
                publicIds.length > 0 ? inArray(factRequests.publicId, [...publicIds]) : undefined,
                publicIds.length > 0 ? inArray(factRequests.shadowOf, [...publicIds]) : undefined,
                images.length > 0 ? inArray(factRequests.imageSha256, [...images]) : undefined,
              ),
            ),
          )
          .returning({ id: factRequests.publicId });
        await tx
          .delete(imageHolds)
          .where(and(eq(imageHolds.project, project), inArray(imageHolds.imageSha256, [...images])));
        // also delete their feedback and review items, even of requests that already left the log
        const erasedIds = [...new Set([...publicIds, ...rows.map(({ id }) => id)])];
        for (const table of [feedback, reviewItems])
          await tx
            .delete(table)
            .where(
              and(
                eq(table.project, project),
                sql`${table.request} in (select value::uuid from json_array_elements_text(${JSON.stringify(erasedIds)}::json))`,
              ),
            );
        await tx
          .delete(linkRevocations)
          .where(and(eq(linkRevocations.project, project), inArray(linkRevocations.subject, erasedIds)));
        return rows.length;
      });
    },

    async vacuum() {
      await database.execute(sql`vacuum fact_requests`);
    },

    async listTombstones() {
      const rows = await database
        .select()
        .from(tombstones)
        .where(eq(tombstones.project, project))
        .orderBy(asc(tombstones.at));
      return rows.map(({ project: _project, ...mark }) => mark);
    },
  };
}
