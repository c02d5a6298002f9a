import { describe, expect, it } from 'vitest';
import type { OpenStore } from '../../../src/store/open-store.ts';
import type { StoreFixture } from './fixture.ts';

export function artifactsConformance(fixture: StoreFixture): void {
  const { newRun, newModel } = fixture;

  describe('artifacts', () => {
    it('are filtered by origin', async () => {
      const { id: runId, pipeline } = await newRun();
      const older = await newModel(runId);
      const newer = await newModel(runId);
      const list = async (filter: Parameters<OpenStore['listArtifacts']>[0]) =>
        (await fixture.store.listArtifacts({ pipeline, ...filter })).map(({ id }) => id);
      expect(await list({})).toEqual([newer.id, older.id]);
      expect(await list({ component: 'Trainer', step: 'train', key: 'model', type: 'Model', limit: 1 })).toEqual([
        newer.id,
      ]);
      expect(await list({ component: 'Pusher' })).toEqual([]);
      await fixture.store.markDeleted([newer.id]);
      expect(await list({ live: true })).toEqual([older.id]);
      expect(await list({ live: false })).toEqual([newer.id]);
    });
  });
}
