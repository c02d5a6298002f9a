import { isMitateError, MitateError } from '../../errors/index.ts';
import type { ServiceRequest } from '../service.ts';

/** What a key was used for: another method, endpoint or body under it is a conflict. */
export interface Use {
  method: 'predict' | 'explain';
  endpoint: string;
  bodyDigest: string;
}

interface Entry {
  use: Use;
  answer: Promise<unknown>;
}

/** Answers kept in memory; older ones are read from the request log. About 1 KB each. */
const keptAnswers = 10_000;

/** The same key with the same request gives the same answer and one row, also while the first is under way. */
export class Idempotency {
  #entries = new Map<string, Entry>();

  /**
   * @param recall the answer that the request log has under the key, from before this process; null = none
   * @throws IDEMPOTENCY_CONFLICT, and what `work` throws: a failed request may be sent again
   */
  async once<T>(
    request: Pick<ServiceRequest, 'principal' | 'idempotency' | 'signal'>,
    about: Omit<Use, 'bodyDigest'>,
    recall: (use: Use) => Promise<T | null>,
    work: () => Promise<T>,
  ): Promise<T> {
    const { principal, idempotency, signal } = request;
    if (!idempotency) return work();
    const { key, bodyDigest } = idempotency;
    const use = { ...about, bodyDigest };
    const id = `${principal.project}/${principal.id}/${key}`;
    const known = this.#entries.get(id);
    if (!known) return this.#keep(id, use, recallOrWork(recall, work, use));
    requireSame(known.use, use, key);
    try {
      return (await known.answer) as T;
    } catch (error) {
      // who sent it first hung up; who sent it again is still there
      if (isMitateError(error, 'CANCELLED') && !signal?.aborted) return this.once(request, about, recall, work);
      throw error;
    }
  }

  #keep<T>(id: string, use: Use, answer: Promise<T>): Promise<T> {
    const entry = { use, answer };
    this.#entries.set(id, entry);
    if (this.#entries.size > keptAnswers) this.#entries.delete(this.#entries.keys().next().value!);
    answer.catch(() => {
      if (this.#entries.get(id) === entry) this.#entries.delete(id);
    });
    return answer;
  }
}

async function recallOrWork<T>(recall: (use: Use) => Promise<T | null>, work: () => Promise<T>, use: Use): Promise<T> {
  return (await recall(use)) ?? work();
}

/** @throws IDEMPOTENCY_CONFLICT */
export function requireSame(before: Use, now: Use, key: string): void {
  const same = before.method === now.method && before.endpoint === now.endpoint && before.bodyDigest === now.bodyDigest;
  if (!same) throw new MitateError('IDEMPOTENCY_CONFLICT', { key });
}
