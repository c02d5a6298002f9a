import { expect, it } from 'vitest';
import { withoutWeights } from '../support/without-weights.ts';
import { root, Sandbox } from './cli.ts';

it('the leaf pipeline trains, is blessed and answers without the weights of the best backbone', async () => {
  using sandbox = new Sandbox();
  const mitate = withoutWeights(sandbox, root);
  const { code, stderr } = await mitate('quickstart');
  expect([code, stderr]).toEqual([0, expect.stringContaining('embedded by mobilenet-v2')]);
  expect((await mitate('models')).stdout).toContain('leaf-health');
});
