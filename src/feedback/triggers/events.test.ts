import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/loop/monitor.ts';
import { type DriftAlert, driftEvent } from './drift.ts';
import { callEvent, countNew, folderEvent, memoryOf, type WatchedFile, withDigest } from './new-data.ts';
import { accuracyEvent } from './performance.ts';
import { releaseEvent } from './release.ts';

const at = (text: string) => new Date(`${text}Z`);

describe('drift', () => {
  const alert = (id: string, more: Partial<DriftAlert> = {}): DriftAlert => ({
    id,
    monitor: `monitor-${id}`,
    kind: 'embedding-drift',
    since: at('2026-03-01T00:00'),
    openedAt: at(`2026-03-0${id}T00:00`),
    found: `moved ${id}`,
    ...more,
  });
  const none = () => false;

  it('fires once for all that is open, in the name of the oldest', () => {
    const found = driftEvent([], [alert('2'), alert('1')], none)!;
    expect(found).toMatchObject({ key: 'alert:1', covers: ['alert:2'], otherwise: 'held' });
    expect(found.why).toBe('alert from monitor-1, monitor-2: moved 1');
  });

  it('does not fire for one that was answered', () => {
    expect(driftEvent([], [alert('1')], (key) => key === 'alert:1')).toBeNull();
    expect(driftEvent([], [alert('1'), alert('2')], (key) => key === 'alert:1')).toMatchObject({ key: 'alert:2' });
  });

  it('looks at monitors of drift only, or at those that are named', () => {
    const slow = alert('1', { kind: 'latency', monitor: 'slow' });
    expect(driftEvent([], [slow], none)).toBeNull();
    expect(driftEvent(['slow'], [slow, alert('2')], none)).toMatchObject({ key: 'alert:1', covers: [] });
  });
});

describe('performance', () => {
  const result = (finding: Partial<Finding>) => ({
    seq: 1,
    monitor: 'accuracy',
    windowEnd: at('2026-03-02T00:00'),
    finding: {
      state: 'ok',
      statistic: 0.85,
      p: null,
      threshold: null,
      interval: { low: 0.8, high: 0.89 },
      said: '',
      movers: [],
      details: {},
      ...finding,
    } as Finding,
  });

  it('fires when the whole interval is below; at a glance, when the estimate is', () => {
    expect(accuracyEvent({ below: 0.9, certain: true }, result({}))).toMatchObject({
      key: 'result:accuracy:2026-03-02T00:00:00.000Z',
    });
    const wide = result({ interval: { low: 0.7, high: 0.92 } });
    expect(accuracyEvent({ below: 0.9, certain: true }, wide)).toBeNull();
    expect(accuracyEvent({ below: 0.9, certain: false }, wide)).not.toBeNull();
    expect(accuracyEvent({ below: 0.85, certain: false }, result({}))).toBeNull();
    expect(accuracyEvent({ below: 0.9, certain: true }, result({ interval: null }))).toBeNull();
  });

  it('says nothing without enough labels', () => {
    const policy = { below: 1, certain: false };
    expect(accuracyEvent(policy, null)).toBeNull();
    expect(accuracyEvent(policy, result({ state: 'not-enough-data' }))).toBeNull();
    expect(accuracyEvent(policy, result({ state: 'failed' }))).toBeNull();
    expect(accuracyEvent(policy, result({ statistic: null }))).toBeNull();
  });
});

describe('new data', () => {
  const file = (path: string, changedMs = 1): WatchedFile => ({ path, sizeBytes: 10, changedMs });
  const policy = { folder: '/photos', minPhotos: 2 };
  const old = [file('a.jpg'), file('b.jpg')];

  it('waits until photos are no longer arriving', () => {
    const files = [...old, file('c.jpg'), file('d.jpg')];
    const memory = memoryOf(old);
    expect(folderEvent(policy, memory, files)).toBeNull();
    const looked = withDigest(memory, files);
    expect(folderEvent(policy, looked, [...files, file('e.jpg')])).toBeNull();
    expect(folderEvent(policy, looked, files)).toMatchObject({ why: '2 new photo(s) in /photos' });
    expect(folderEvent(policy, memoryOf(files), files)).toBeNull();
  });

  it('counts what is new or changed, and not what is gone', () => {
    const memory = memoryOf(old);
    expect(countNew(memory, [file('a.jpg')])).toBe(0);
    expect(countNew(memory, [file('a.jpg', 2), file('b.jpg')])).toBe(1);
    const fewer = [file('c.jpg')];
    expect(folderEvent(policy, withDigest(memory, fewer), fewer)).toBeNull();
  });

  it('knows the same photos in any order', () => {
    expect(memoryOf(old).digest).toBe(memoryOf(old.toReversed()).digest);
  });

  it('adds calls up until there are enough', () => {
    expect(callEvent(5, [])).toBeNull();
    expect(callEvent(5, [{ key: 'call:a', photos: 4 }])).toBeNull();
    const calls = [
      { key: 'call:a', photos: 4 },
      { key: 'call:b', photos: 1 },
    ] as const;
    expect(callEvent(5, calls)).toMatchObject({ key: 'call:a', covers: ['call:b'], evidence: { photos: 5 } });
  });
});

describe('a release', () => {
  const start = (seq: number, more: object = {}) => ({
    seq,
    release: `leaf-${seq}`,
    environment: 'prod',
    stage: 'production' as const,
    via: 'webhook' as const,
    who: 'webhook:mika',
    approver: 'mika',
    branch: 'main',
    place: null,
    runId: null,
    state: 'landed' as const,
    ...{ stageIsSet: false, byHand: false, trained: null, workflow: null },
    at: at('2026-03-02T00:00'),
    ...more,
  });
  const since = at('2026-03-01T00:00');

  it('fires for the newest that landed, and answers for the ones before', () => {
    expect(releaseEvent('prod', since, [start(2), start(3)])).toMatchObject({
      key: 'release:3',
      covers: ['release:2'],
    });
  });

  it('does not for another environment, one with a run of its own, or one from before', () => {
    expect(releaseEvent('dev', since, [start(2)])).toBeNull();
    expect(releaseEvent('prod', since, [start(2, { runId: 'r', state: 'queued' })])).toBeNull();
    expect(releaseEvent('prod', at('2026-03-02T00:00'), [start(2)])).toBeNull();
  });
});
