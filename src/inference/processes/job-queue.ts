import type { Ticket } from './pending-job.ts';

/** Tickets in order of arrival; those in the background come when no other waits. */
export class WaitingLine {
  #front: Ticket[] = [];
  #background: Ticket[] = [];

  get size(): number {
    return this.#front.length + this.#background.length;
  }

  add(ticket: Ticket): void {
    this.#lineOf(ticket).push(ticket);
  }

  /** Before all others: a retry. */
  putBack(ticket: Ticket): void {
    this.#lineOf(ticket).unshift(ticket);
  }

  /** The next that still wants an answer. */
  first(): Ticket | undefined {
    for (const line of [this.#front, this.#background]) {
      while (line[0]?.settled) line.shift();
      if (line[0]) return line[0];
    }
    return undefined;
  }

  remove(ticket: Ticket): void {
    const line = this.#lineOf(ticket);
    if (line[0] === ticket) line.shift();
  }

  takeAll(): Ticket[] {
    return [...this.#front.splice(0), ...this.#background.splice(0)];
  }

  #lineOf(ticket: Ticket): Ticket[] {
    return ticket.background ? this.#background : this.#front;
  }
}
