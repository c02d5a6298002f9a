import { callerOf } from '../../contracts/access.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import type { ServiceRequest } from '../service.ts';

/** What a key is used for: another method, endpoint or body under it is a conflict. */
export interface Use {
  key: string;
  method: 'predict' | 'explain';
  endpoint: string;
  bodyDigest: string;
}

interface Entry {
  use: Use;
  answer: Promise<unknown>;
  /** 0 while it is in flight. */
  bytes: number;
}

/** Answers in memory; older ones are read from the request log. */
const keptBytes = 16 * 2 ** 20;

/** The same key with the same request gives the same answer and one row, also while the first is in flight. */
export class Idempotency {
  #entries = new Map<string, Entry>();
  #bytes = 0;

  /**
   * @param bytesOf about how much memory an answer takes
   * @param recall looks the key up in the request log; null = not found
   * @throws IDEMPOTENCY_CONFLICT, and what `work` throws: a failed request may be sent again
   */
  async once<T>(
    request: Pick<ServiceRequest, 'principal' | 'idempotency' | 'signal'>,
    about: Pick<Use, 'method' | 'endpoint'>,
    bytesOf: (answer: T) => number,
    recall: (use: Use) => Promise<T | null>,
    work: () => Promise<T>,
  ): Promise<T> {
    const { principal, idempotency, signal } = request;
    if (!idempotency) return work();
    const use = { ...about, ...idempotency };
    const id = `${principal.project}/${callerOf(principal)}/${use.key}`;
    const known = this.#entries.get(id);
    if (!known) return this.#keep(id, use, recallOrWork(recall, work, use), bytesOf);
    requireSame(known.use, use);
    try {
      return (await known.answer) as T;
    } catch (error) {
      // The first sender hung up; this one is still connected.
      if (isMitateError(error, 'CANCELLED') && !signal?.aborted)
        return this.once(request, about, bytesOf, recall, work);
      throw error;
    }
  }

  #keep<T>(id: string, use: Use, answer: Promise<T>, bytesOf: (answer: T) => number): Promise<T> {
    const entry: Entry = { use, answer, bytes: 0 };
    this.#entries.set(id, entry);
    answer.then(
      (given) => this.#weigh(id, entry, bytesOf(given)),
      () => this.#entries.delete(id),
    );
    return answer;
  }

  /** From now on it may go, oldest first. */
  #weigh(id: string, entry: Entry, bytes: number): void {
    entry.bytes = bytes;
    this.#bytes += bytes;
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    for (const [oldId, old] of this.#entries) {
      if (this.#bytes <= keptBytes) return;
      if (old.bytes === 0) continue;
      this.#bytes -= old.bytes;
      this.#entries.delete(oldId);
    }
  }
}

async function recallOrWork<T>(recall: (use: Use) => Promise<T | null>, work: () => Promise<T>, use: Use): Promise<T> {
  return (await recall(use)) ?? work();
}

export function requireSame(before: Omit<Use, 'key'>, now: Use): void {
  const same = before.method === now.method && before.endpoint === now.endpoint && before.bodyDigest === now.bodyDigest;
  if (!same) throw new MitateError('IDEMPOTENCY_CONFLICT', { key: now.key });
}
