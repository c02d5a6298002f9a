import { randomUUID } from 'node:crypto';
import type { PromotionStore } from '../../store/promotions/contract.ts';

/** A claim that is not renewed for so long lapses. */
const claimMs = 60_000;

/**
 * Runs work on a promotion unless another process does. Work that throws keeps its claim until it lapses, so that it is not retried every two
 * seconds.
 * @param clock the caller's time @param work gets a signal that aborts when another process has taken over
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
    // a database that is briefly unreachable does not end the claim
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
