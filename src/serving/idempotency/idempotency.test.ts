import { expect, it } from 'vitest';
import { Idempotency } from './idempotency.ts';

const principal = { project: 'default', id: 'k' } as Parameters<Idempotency['once']>[0]['principal'];

it('keeps answers up to a number of bytes, oldest first (it kept 10,000 of any size)', async () => {
  const kept = new Idempotency();
  let worked = 0;
  const ask = (key: string) =>
    kept.once(
      { principal, idempotency: { key, bodyDigest: 'a' } },
      { method: 'predict', endpoint: 'leaf' },
      () => 2 ** 20,
      async () => null,
      async () => ++worked,
    );
  for (let i = 0; i < 20; i++) expect(await ask(`k${i}`)).toBe(i + 1);
  expect(await ask('k19')).toBe(20);
  expect(await ask('k4')).toBe(5);
  expect(await ask('k3')).toBe(21);
});
