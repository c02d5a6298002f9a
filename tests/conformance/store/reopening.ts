import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../src/store/database/schema.ts';
import type { StoreFixture } from './fixture.ts';

export function reopeningConformance(fixture: StoreFixture): void {
  const { newRun, newExecution, open } = fixture;

  describe('reopening', () => {
    it('finds everything, and fails only the runs of dead processes', async () => {
      const done = await newRun();
      await fixture.store.finishRun(done.id, 'succeeded', null);
      const dead = await newRun();
      const execution = await newExecution(dead.id);
      const { context } = fixture.store;
      await context.database
        .update(runs)
        .set({ pid: 2 ** 30 })
        .where(eq(runs.id, dead.id));
      await fixture.store[Symbol.asyncDispose]();
      await open();
      expect((await fixture.store.getRun(done.id))?.state).toBe('succeeded');
      expect(await fixture.store.getRun(dead.id)).toMatchObject({
        state: 'failed',
        error: { code: 'RUN_INTERRUPTED' },
      });
      expect((await fixture.store.listExecutions(dead.id))[0]).toMatchObject({ id: execution, state: 'failed' });
    });
  });
}
