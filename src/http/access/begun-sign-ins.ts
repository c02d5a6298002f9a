import { randomBytes } from 'node:crypto';

const validMs = 600_000;
/** Beyond it the oldest is forgotten. */
const most = 10_000;

/** What a browser that is at the identity provider has to come back to: once, within ten minutes. */
export class BegunSignIns<T> {
  readonly #begun = new Map<string, { what: T; endsAtMs: number }>();

  /** @returns a secret for the browser's cookie */
  add(what: T): string {
    const id = randomBytes(32).toString('base64url');
    this.#begun.set(id, { what, endsAtMs: performance.now() + validMs });
    const [oldest] = this.#begun.keys();
    if (oldest !== undefined && this.#begun.size > most) this.#begun.delete(oldest);
    return id;
  }

  take(id: string | undefined): T | null {
    const found = id === undefined ? undefined : this.#begun.get(id);
    if (id !== undefined) this.#begun.delete(id);
    return found !== undefined && found.endsAtMs > performance.now() ? found.what : null;
  }
}
