import { randomBytes } from 'node:crypto';
import { sha256 } from '../../codecs/digest.ts';

const validMs = 15 * 60_000;

/** The link that `mitate up` prints: signs the owner of the workspace in, once. In memory, so that it ends with the server. */
export class SignInLinks {
  readonly #open = new Map<string, number>();

  /** @returns its token */
  make(): string {
    const token = randomBytes(32).toString('base64url');
    this.#open.set(sha256(token), performance.now() + validMs);
    return token;
  }

  /** False: never made, used, or too old. */
  use(token: string): boolean {
    const hash = sha256(token);
    const until = this.#open.get(hash) ?? 0;
    return this.#open.delete(hash) && performance.now() < until;
  }
}
