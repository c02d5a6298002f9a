import { and, desc, eq, getTableColumns, lt, or, type SQL, sql } from 'drizzle-orm';
import { dayMs } from '../../codecs/duration.ts';
import { eqIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { proofs, releaseStarts, releases, webhookNonces } from '../database/feedback-schema.ts';
import { onlyRow } from '../database/only-row.ts';
import { runs } from '../database/schema.ts';
import { retryOf } from '../triggers/firings.ts';
import type { ReleaseStore } from './contract.ts';

const { bundle: _bundle, seq: _seq, project: _project, ...columns } = getTableColumns(releases);
const { project: _startsProject, ...startColumns } = getTableColumns(releaseStarts);
const { project: _proofsProject, ...proofColumns } = getTableColumns(proofs);
/** More than the maximum age of a webhook's timestamp. */
const nonceMs = dayMs;

export function releaseRepository({ database, project, now }: RepositoryContext): ReleaseStore {
  const mine = eq(releases.project, project);
  const select = (where: SQL | undefined, limit: number) =>
    database.select(columns).from(releases).where(and(mine, where)).orderBy(desc(releases.seq)).limit(limit);

  const get: ReleaseStore['get'] = async (id) => {
    if (id === 'latest') return (await select(undefined, 1))[0] ?? null;
    const [exact] = await select(eq(releases.id, id), 1);
    if (exact) return exact;
    const matches = await select(sql`starts_with(${releases.id}, ${id})`, 2);
    const [match, another] = matches;
    return match && !another ? match : null;
  };

  return {
    get,

    async add(release, bundle) {
      const row = { ...release, project, bundle: Buffer.from(bundle).toString('base64'), createdAt: now() };
      // it may have been committed meanwhile
      const commit = sql`coalesce(${releases.gitCommit}, excluded.git_commit)`;
      // a commit that was looked up here stands before one that a sender named
      const gitCommit = sql`case when excluded.made_here and not ${releases.madeHere} then excluded.git_commit else ${commit} end`;
      const madeHere = sql`${releases.madeHere} or excluded.made_here`;
      const target = [releases.project, releases.id];
      const insert = database.insert(releases).values(row);
      return onlyRow(await insert.onConflictDoUpdate({ target, set: { gitCommit, madeHere } }).returning(columns));
    },

    async list({ pipeline, environment, codeDigest, before, limit = 100 } = {}) {
      const conditions = and(
        eqIf(releases.pipeline, pipeline),
        eqIf(releases.environment, environment),
        eqIf(releases.codeDigest, codeDigest),
        before === undefined
          ? undefined
          : sql`${releases.seq} < (select seq from releases where project = ${project} and id = ${before})`,
      );
      return await select(conditions, limit);
    },

    async bundle(id) {
      const [row] = await database
        .select({ bundle: releases.bundle })
        .from(releases)
        .where(and(mine, eq(releases.id, id)));
      return row ? Buffer.from(row.bundle, 'base64') : null;
    },

    async recordStart(start) {
      const row = { ...start, project, at: now() };
      return onlyRow(await database.insert(releaseStarts).values(row).returning(startColumns));
    },

    async runOf(runId) {
      const { id, state, definitionDigest, codeDigest, trigger } = getTableColumns(runs);
      const [run] = await database
        .select({ id, state, definitionDigest, codeDigest })
        .from(runs)
        .where(and(eq(runs.project, project), or(eq(id, runId), eq(trigger, retryOf(runId)))))
        .orderBy(desc(runs.seq))
        .limit(1);
      return run ?? null;
    },

    async settleStart(runId, state, trained) {
      await database
        .update(releaseStarts)
        .set({ state, ...(trained !== undefined && { trained }) })
        .where(and(eq(releaseStarts.project, project), eq(releaseStarts.runId, runId)));
    },

    async listStarts({ release, limit = 1_000 } = {}) {
      return await database
        .select(startColumns)
        .from(releaseStarts)
        .where(and(eq(releaseStarts.project, project), eqIf(releaseStarts.release, release)))
        .orderBy(desc(releaseStarts.seq))
        .limit(limit);
    },

    async takeNonce(nonce, at) {
      await database.delete(webhookNonces).where(lt(webhookNonces.at, new Date(at.getTime() - nonceMs)));
      const taken = await database.insert(webhookNonces).values({ nonce, at }).onConflictDoNothing().returning();
      return taken.length === 1;
    },

    async addProof(proof, origin) {
      const row = { ...proof, origin, project, at: now() };
      return onlyRow(await database.insert(proofs).values(row).returning(proofColumns));
    },

    async listProofs({ kind, subject, limit = 100 } = {}) {
      return await database
        .select(proofColumns)
        .from(proofs)
        .where(and(eq(proofs.project, project), eqIf(proofs.kind, kind), eqIf(proofs.subject, subject)))
        .orderBy(desc(proofs.seq))
        .limit(limit);
    },
  };
}
