import { nameSchema } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { OpenStore } from '../../store/open-store.ts';

type WriteRow = ReturnType<OpenStore['auditedParts']>;

/** As given: perhaps a password in the wrong field, which is neither recorded nor logged. */
export const shownName = (given: string): string => (nameSchema.safeParse(given).success ? given : 'no name');

export interface Refusal {
  name: string;
  how: 'password' | 'provider';
  /** Of the catalogue. */
  error: string;
}

const windowMs = 60_000;
/** Of a minute; what is beyond is counted in one more. */
const mostRows = 60;

/** Audit rows of refused sign-ins: one for each address, name and minute, with a count. A stranger cannot fill the log. */
export class RefusedSignIns {
  readonly #now: () => number;
  readonly #rows = new Map<string, { count: number; write: WriteRow; written: Promise<unknown> }>();
  #endsAtMs = 0;

  /** @param now milliseconds that never go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  async record(
    store: Pick<OpenStore, 'auditedParts'>,
    { name, how, error }: Refusal,
    { address, ...anywhere }: Actor,
  ): Promise<void> {
    if (this.#now() >= this.#endsAtMs) {
      this.#rows.clear();
      this.#endsAtMs = this.#now() + windowMs;
    }
    const given = { subject: shownName(name), address };
    const isBeyond = !this.#rows.has(keyOf(given)) && this.#rows.size >= mostRows;
    const { subject, address: from } = isBeyond ? { subject: 'others', address: undefined } : given;
    const key = keyOf({ subject, address: from });
    const row = this.#rows.get(key) ?? { count: 0, write: store.auditedParts(), written: Promise.resolve() };
    this.#rows.set(key, row);
    const details = { how, error, count: ++row.count };
    const actor: Actor = { ...anywhere, ...(from !== undefined && { address: from }) };
    // the first makes the row
    row.written = row.written
      .catch(() => {})
      .then(() => row.write(async () => {}, { actor, action: 'session.refuse', subject, details }));
    await row.written;
  }
}

const keyOf = ({ subject, address }: { subject: string; address: string | undefined }) => `${address} ${subject}`;
