import { and, asc, desc, eq, isNull, notBetween, or, sql } from 'drizzle-orm';
import { activeStates, type PromotionState } from '../../contracts/loop/promotion.ts';
import { MitateError } from '../../errors/index.ts';
import { eqIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { approvals, promotions } from '../database/feedback-schema.ts';
import { changePlan } from '../endpoints/change-plan.ts';
import { lockModel } from '../models/repository.ts';
import type { PromotionStore } from './contract.ts';
import { openPromotion } from './open.ts';
import { toPromotion } from './row.ts';
import { trafficMethods } from './traffic.ts';

/** Rolls the transaction back. */
class MovedAlready extends Error {}

const isActive = (state: PromotionState) => (activeStates as readonly PromotionState[]).includes(state);

export function promotionRepository(context: RepositoryContext): PromotionStore {
  const { database, project } = context;
  const here = (id: string) => and(eq(promotions.project, project), eq(promotions.id, id));

  return {
    ...trafficMethods(context),

    open: (input) =>
      database.transaction(async (tx) => {
        await lockModel(tx, project, input.modelName);
        return await openPromotion(tx, { ...input, project });
      }),

    async get(id) {
      const [row] = await database.select().from(promotions).where(here(id));
      return row ? toPromotion(row) : null;
    },

    async list({ endpoint, active, before, limit = 100 } = {}) {
      const rows = await database
        .select()
        .from(promotions)
        .where(
          and(
            eq(promotions.project, project),
            eqIf(promotions.endpoint, endpoint),
            active ? isNull(promotions.endedAt) : undefined,
            ltIf(promotions.seq, before),
          ),
        )
        .orderBy(desc(promotions.seq))
        .limit(limit);
      return rows.map(toPromotion);
    },

    async listActive() {
      const { id, project: of, state } = promotions;
      return await database
        .select({ id, project: of, state })
        .from(promotions)
        .where(isNull(promotions.endedAt))
        .orderBy(asc(promotions.seq));
    },

    async move(id, revision, { state, step, gate, at, decision, change }) {
      const made = { at: at.toISOString(), state, ...decision };
      try {
        return await database.transaction(async (tx) => {
          const [now] = await tx.select({ endpoint: promotions.endpoint }).from(promotions).where(here(id));
          // endpoint before promotion, as in open()
          if (now && change) {
            const { who, why } = decision;
            const promote = change.action === 'promote';
            await changePlan(tx, { project, endpoint: now.endpoint }, { ...change, promote, who, why, at });
          }
          const [row] = await tx
            .update(promotions)
            .set({
              state,
              step,
              gate,
              stepSince: at,
              revision: revision + 1,
              decisions: sql`${promotions.decisions} || ${JSON.stringify([made])}::jsonb`,
              ...(!isActive(state) && { endedAt: at }),
            })
            .where(and(here(id), eq(promotions.revision, revision), isNull(promotions.endedAt)))
            .returning();
          if (row === undefined) throw new MovedAlready();
          return toPromotion(row);
        });
      } catch (error) {
        if (error instanceof MovedAlready) return null;
        throw error;
      }
    },

    async nameArtifact(id, artifact) {
      const decisions = sql`jsonb_set(${promotions.decisions}, '{-1,artifact}', to_jsonb(${artifact}::text))`;
      await database.update(promotions).set({ decisions }).where(here(id));
    },

    async claim(id, by, now, until) {
      // so far ahead only after the clock was set back
      const tooLate = new Date(now.getTime() + 2 * (until.getTime() - now.getTime()));
      const free = or(
        isNull(promotions.claimedUntil),
        notBetween(promotions.claimedUntil, now, tooLate),
        eq(promotions.claimedBy, by),
      );
      const rows = await database
        .update(promotions)
        .set({ claimedBy: by, claimedUntil: until })
        .where(and(here(id), isNull(promotions.endedAt), free))
        .returning({ id: promotions.id });
      return rows.length > 0;
    },

    async unclaim(id, by) {
      await database
        .update(promotions)
        .set({ claimedBy: null, claimedUntil: null })
        .where(and(here(id), eq(promotions.claimedBy, by)));
    },

    async addApproval(id, approval) {
      const rows = await database
        .insert(approvals)
        .values({ ...approval, project, promotion: id })
        .onConflictDoNothing()
        .returning({ seq: approvals.seq });
      if (rows.length === 0)
        throw new MitateError('PROMOTION_ALREADY_SAID', { who: approval.who, gate: approval.before });
    },

    async listApprovals(id) {
      const rows = await database
        .select()
        .from(approvals)
        .where(and(eq(approvals.project, project), eq(approvals.promotion, id)))
        .orderBy(asc(approvals.seq));
      return rows.map(({ before, who, role, verdict, why, at }) => ({ before, who, role, verdict, why, at }));
    },
  };
}
