import { randomUUID } from 'node:crypto';
import type { PromotionStore } from '../../store/promotions/contract.ts';

/** A process that says nothing for so long has lost its claim. */
const claimMs = 60_000;

/**
 * Does work on a promotion that only one process may do at a time; nothing, when another one does. Work that throws keeps its claim until that
 * has lapsed: what fails at once is not begun anew every two seconds.
 * @param clock what time it is for the caller @param work is told when another process has taken over
 */
export async function whileClaimed(
  promotions: Pick<PromotionStore, 'claim' | 'unclaim'>,
  id: string,
  clock: () => Date,
  work: (lost: AbortSignal) => Promise<void>,
): Promise<void> {
  const by = randomUUID();
  const hold = () => {
    const now = clock();
    return promotions.claim(id, by, now, new Date(now.getTime() + claimMs));
  };
  if (!(await hold())) return;
  const lost = new AbortController();
  let renewing: Promise<void> = Promise.resolve();
  const renew = async () => {
    // a database that is away for a moment takes no claim
    const isHeld = await hold().catch(() => true);
    if (!isHeld) lost.abort();
  };
  const renewal = setInterval(() => {
    renewing = renew();
  }, claimMs / 4);
  try {
    await work(lost.signal);
  } finally {
    clearInterval(renewal);
    await renewing;
  }
  await promotions.unclaim(id, by);
}
