import { MitateError } from '../../errors/index.ts';
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
    { principal, idempotency }: Pick<ServiceRequest, 'principal' | 'idempotency'>,
    use: Omit<Use, 'bodyDigest'>,
    recall: (use: Use) => Promise<T | null>,
    work: () => Promise<T>,
  ): Promise<T> {
    if (!idempotency) return work();
    const { key, bodyDigest } = idempotency;
    const id = `${principal.project}/${principal.id}/${key}`;
    const known = this.#entries.get(id);
    const entry = known ?? { use: { ...use, bodyDigest }, answer: recallOrWork(recall, work, { ...use, bodyDigest }) };
    requireSame(entry.use, { ...use, bodyDigest }, key);
    if (!known) this.#keep(id, entry);
    return (await entry.answer) as T;
  }

  #keep(id: string, entry: Entry): void {
    this.#entries.set(id, entry);
    if (this.#entries.size > keptAnswers) this.#entries.delete(this.#entries.keys().next().value!);
    entry.answer.catch(() => this.#entries.delete(id));
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
