import { describe, expect, it } from 'vitest';
import { eventKey } from '../../contracts/loop/event-key.ts';
import { lookBack, type Past } from './look-back.ts';
import type { TriggerEvent } from './trigger-event.ts';

const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour));
const span = { from: at(1), to: at(31) };
const limits = { coolDown: '6h', dailyBudget: 10, minNewLabels: 0 };
const event = (id: string, otherwise: TriggerEvent['otherwise'] = 'held'): TriggerEvent => ({
  key: eventKey('alert', id),
  why: id,
  evidence: {},
  otherwise,
  covers: [],
});

/** Each opens at its time, and stays so until it is answered or over. */
const past = (events: { key: string; from: Date; until?: Date; skipped?: true }[], labels: Date[] = []): Past => ({
  moments: events.map(({ from }) => from),
  openAt: (now, answered) =>
    events
      .filter(
        ({ key, from, until }) =>
          from <= now && (until === undefined || now < until) && !answered(eventKey('alert', key)),
      )
      .map(({ key, skipped }) => event(key, skipped ? 'skipped' : 'held')),
  labels,
});
const days = (found: { at: Date }[]) => found.map(({ at }) => at.toISOString().slice(5, 16));

describe('a look back', () => {
  it('fires at what happened, and at what stood open when it began', () => {
    const { fired, kept } = lookBack(
      limits,
      past([
        { key: 'old', from: at(-5) },
        { key: 'new', from: at(10) },
      ]),
      span,
    );
    expect(days(fired)).toEqual(['03-01T00:00', '03-10T00:00']);
    expect(kept).toEqual([]);
  });

  it('fires what the cool-down held once it is over, if it is still there', () => {
    const events = [
      { key: 'a', from: at(10, 0) },
      { key: 'b', from: at(10, 2) },
      { key: 'c', from: at(20, 0) },
      { key: 'd', from: at(20, 2), until: at(20, 4) },
    ];
    const { fired, kept } = lookBack(limits, past(events), span);
    expect(days(fired)).toEqual(['03-10T00:00', '03-10T06:00', '03-20T00:00']);
    expect(kept.map(({ why }) => why.slice(0, 1))).toEqual(['b', 'd']);
  });

  it('lets a moment of a schedule go by', () => {
    const events = [
      { key: 'a', from: at(10, 0), skipped: true as const },
      { key: 'b', from: at(10, 2), skipped: true as const },
    ];
    const { fired, kept } = lookBack(limits, past(events), span);
    expect(days(fired)).toEqual(['03-10T00:00']);
    expect(days(kept)).toEqual(['03-10T02:00']);
  });

  it('spends no more than the budget of a day', () => {
    const hourly = Array.from({ length: 24 }, (_, hour) => ({ key: `h${hour}`, from: at(10, hour) }));
    const { fired } = lookBack({ ...limits, coolDown: '1s', dailyBudget: 3 }, past(hourly), {
      from: at(10),
      to: at(10, 23),
    });
    expect(days(fired)).toEqual(['03-10T00:00', '03-10T01:00', '03-10T02:00']);
  });

  it('waits for labels, and asks for as many new ones for the next', () => {
    const labels = [at(12, 1), at(12, 2), at(12, 3), at(15, 1), at(15, 2), at(15, 3)];
    const events = [
      { key: 'a', from: at(10) },
      { key: 'b', from: at(13) },
    ];
    const { fired } = lookBack({ ...limits, minNewLabels: 3 }, past(events, labels), span);
    expect(days(fired)).toEqual(['03-12T03:00', '03-15T03:00']);
  });

  it('looks at a few of many labels: a million held a server for a minute', () => {
    const labels = Array.from({ length: 10_000 }, (_, i) => new Date(at(2).getTime() + i * 1_000));
    let looks = 0;
    const { openAt, ...rest } = past([{ key: 'a', from: at(1) }], labels);
    const counted: Past['openAt'] = (...asked) => {
      looks++;
      return openAt(...asked);
    };
    const { fired } = lookBack({ ...limits, minNewLabels: 9_000 }, { ...rest, openAt: counted }, span);
    expect(fired.map((each) => each.at)).toEqual([labels[8_999]]);
    expect(looks).toBeLessThan(6);
  });
});
