import { expect, it } from 'vitest';
import { FailureLimit } from './failure-limit.ts';

const limited = expect.objectContaining({ code: 'HTTP_RATE_LIMITED' });

it('refuses an address after 120 failures, until the minute is over, and no other', () => {
  let now = 1_000;
  const limit = new FailureLimit({ max: 120, windowS: 60, now: () => now });
  for (let i = 0; i < 125; i++) {
    limit.attempt('a');
    if (i < 5) limit.succeeded('a');
  }
  expect(() => limit.attempt('a')).toThrow(limited);
  limit.attempt('b');
  now += 59_999;
  expect(() => limit.attempt('a')).toThrow(limited);
  now += 1;
  limit.attempt('a');
});

it('remembers a bounded number of addresses', () => {
  const limit = new FailureLimit({ max: 120, windowS: 60, now: () => 0 });
  for (let i = 0; i < 120; i++) limit.attempt('a');
  for (let i = 0; i < 10_000; i++) limit.attempt(`${i}`);
  limit.attempt('a');
});
