import { type SQL, sql } from 'drizzle-orm';
import type { ReviewItem, ReviewReason } from '../../contracts/loop/review.ts';
import { labellersOf } from '../feedback/truth.ts';
import { probabilitiesOf, readResponse } from '../requests/older-answer.ts';

/** Photos of the queue with their predictions, highest value first. @param condition on `i`, a row of review_items */
export function itemRows(project: string, condition: SQL, limit: number): SQL {
  return sql`
    select i.*, ${labellersOf(sql`i.request`)} as labellers, f.label, f.probability, f.positive_probability, f.threshold, f.response_payload[1] as response, f.image_sha256, coalesce(f.image_kept, false) as image_kept
    from review_items i left join fact_requests f on f.public_id = i.request
    where i.project = ${project} and ${condition}
    order by i.worth desc, i.request limit ${limit}`;
}

export function toItem(row: Record<string, unknown>): ReviewItem {
  const instant = (value: unknown) => (value === null ? null : new Date(value as string));
  return {
    request: row.request as string,
    endpoint: row.endpoint as string,
    reason: row.reason as ReviewReason,
    worth: row.worth as number,
    chance: row.chance as number,
    queuedAt: new Date(row.queued_at as string),
    doneAt: instant(row.done_at),
    skippedAt: instant(row.skipped_at),
    opinions: (row.opinions ?? 1) as number,
    labellers: row.labellers as number,
    claimedBy: row.claimed_by as string | null,
    claimedUntil: instant(row.claimed_until),
    ...predictionOf(row),
    imageSha256: row.image_sha256 as string | null,
    imageKept: row.image_kept as boolean,
  };
}

function predictionOf(row: Record<string, unknown>) {
  const response = readResponse(row.response as string | null);
  const label = row.label as string | null;
  const probability = row.probability as number | null;
  const positiveProbability = row.positive_probability as number | null;
  return {
    label,
    ...probabilitiesOf({ label, probability, positiveProbability }, response),
    threshold: row.threshold as number | null,
    probabilities: response?.probabilities ?? null,
  };
}
