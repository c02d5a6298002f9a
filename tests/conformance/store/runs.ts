import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unaudited } from '../../support/unaudited.ts';
import type { StoreFixture } from './fixture.ts';

export function runsConformance(fixture: StoreFixture): void {
  const { newRun } = fixture;

  describe('runs', () => {
    it('are returned as created, newest first', async () => {
      const pipeline = randomUUID();
      const first = await newRun(pipeline);
      const second = await newRun(pipeline);
      expect(await fixture.store.getRun(first.id)).toEqual({
        ...first,
        state: 'running',
        cancelRequested: false,
        codeDigest: null,
        experiment: null,
        note: null,
        finishedAt: null,
        error: null,
      });
      expect((await fixture.store.listRuns({ pipeline })).map(({ id }) => id)).toEqual([second.id, first.id]);
      expect(await fixture.store.listRuns({ pipeline, limit: 1 })).toHaveLength(1);
      expect(await fixture.store.getRun('none')).toBeNull();
    });

    it('end once: a second end changes nothing', async () => {
      const { id, pipeline } = await newRun();
      const error = { code: 'DISK_FULL', message: 'm', remedy: 'r' };
      await fixture.store.finishRun(id, 'failed', error);
      await fixture.store.finishRun(id, 'succeeded', null);
      expect(await fixture.store.getRun(id)).toMatchObject({ state: 'failed', error, finishedAt: expect.any(Date) });
      expect(await fixture.store.listRuns({ pipeline, state: 'running' })).toEqual([]);
      await expect(fixture.store.finishRun('none', 'failed', null)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    });

    it('can be cancelled while they run', async () => {
      const { id } = await newRun();
      expect(await unaudited(fixture.store).requestCancel(id)).toBe(true);
      expect((await fixture.store.getRun(id))?.cancelRequested).toBe(true);
      await fixture.store.finishRun(id, 'cancelled', null);
      expect(await unaudited(fixture.store).requestCancel(id)).toBe(false);
    });

    it('belong to an experiment and have a note, each set apart', async () => {
      const [{ id, pipeline }, other] = [await newRun(), await newRun()];
      await unaudited(fixture.store).describeRun(id, { experiment: 'mixup', note: 'first' });
      await unaudited(fixture.store).describeRun(id, { note: null });
      expect(await fixture.store.getRun(id)).toMatchObject({ pipeline, experiment: 'mixup', note: null });
      const named = await fixture.store.listRuns({ experiment: 'mixup' });
      expect(named.map((run) => run.id)).toEqual([id]);
      expect(await fixture.store.getRun(other.id)).toMatchObject({ experiment: null });
    });

    it('keep text that looks like SQL', async () => {
      const run = await newRun(`'; drop table runs; -- "é葉" \\ \n`);
      expect((await fixture.store.listRuns({ pipeline: run.pipeline }))[0]?.id).toBe(run.id);
    });
  });
}
