import { expect, it } from 'vitest';
import { triggerSchema } from '../../contracts/loop/trigger.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { listTriggers } from './trigger.ts';

it('lists triggers while another client removes one of them', async () => {
  const trigger = triggerSchema.parse({ name: 'nightly', pipeline: 'leaf.ts', when: { kind: 'demand' } });
  const triggers = {
    listTriggers: async () => [trigger],
    getTrigger: async () => null,
    listFirings: async () => [],
  } as unknown as OpenStore['triggers'];
  expect(await listTriggers({ triggers }, new Date())).toMatchObject([{ trigger: { name: 'nightly' }, firings: [] }]);
});
