import { describe, expect, it } from 'vitest';
import type { DeploymentPlan } from './endpoint.ts';
import { checkPlan, isSamePlan, planWith, planWithout, promotedPlan, rolledBackPlan } from './endpoint-plan.ts';

/** `s1:90 c2:10 h3:50` -> stable 1, canary 2, shadow 3. */
function plan(text: string): DeploymentPlan[] {
  const roles = { s: 'stable', c: 'canary', h: 'shadow' } as const;
  return text.split(' ').flatMap((each) => {
    const [, role, version, traffic] = /^([sch])(\d+):(-?[\d.]+)$/.exec(each) ?? [];
    if (role === undefined) return [];
    const named = { modelName: 'leaf', version: Number(version), traffic: Number(traffic) };
    return [{ ...named, role: roles[role as keyof typeof roles] }];
  });
}
const version = (n: number) => ({ modelName: 'leaf', version: n });

describe('a plan', () => {
  it.each(['', 's1:100', 's1:90 c2:10', 's1:0 c2:60 c3:40', 's1:100 h2:100 h3:5'])('"%s" is consistent', (text) => {
    expect(() => checkPlan('leaf', plan(text))).not.toThrow();
  });

  it.each([
    ['c1:100', '0 deployments are stable'],
    ['s1:50 s2:50', '2 deployments are stable'],
    ['h1:100', '0 deployments are stable'],
    ['s1:90', 'sums to 90 %'],
    ['s1:90 c2:20', 'sums to 110 %'],
    ['s1:99.5 c2:0.5', 'gets 99.5 %'],
    ['s1:110 c2:-10', 'gets 110 %'],
    ['s1:100 h2:101', 'gets 101 %'],
    ['s1:100 h1:100', 'leaf@1 is deployed twice'],
    ['s1:100 c2:0 c2:0', 'leaf@2 is deployed twice'],
  ])('"%s" is not: %s', (text, reason) => {
    expect(() => checkPlan('leaf', plan(text))).toThrow(reason);
  });

  it('is the same in any order', () => {
    expect(isSamePlan(plan('s1:90 c2:10'), plan('c2:10 s1:90'))).toBe(true);
    expect(isSamePlan(plan('s1:90 c2:10'), plan('s1:80 c2:20'))).toBe(false);
    expect(isSamePlan(plan('s1:100'), plan(''))).toBe(false);
  });

  it.each([
    ['s1:90 c2:10', 2, 's2:100'],
    ['s1:70 c2:10 c3:20', 2, 's2:80 c3:20'],
    ['s1:100', 2, 's2:100'],
    ['s1:100 h2:50 h3:5', 2, 's2:100 h3:5'],
    ['s1:80 c2:20', 1, 's1:80 c2:20'],
    ['', 1, 's1:100'],
  ])('"%s", promoting %i, becomes "%s"', (before, promoted, after) => {
    expect(promotedPlan(plan(before), version(promoted))).toEqual(plan(after));
  });

  it.each([
    ['s1:100', 'c2:10', 's1:90 c2:10'],
    ['s1:90 c2:10', 'c2:30', 's1:70 c2:30'],
    ['s1:90 c2:10', 'h2:100', 's1:100 h2:100'],
    ['s1:90 c2:10', 's3:100', 's3:90 c2:10'],
    ['', 's1:100', 's1:100'],
  ])('"%s" with "%s" becomes "%s"', (before, added, after) => {
    const made = planWith(plan(before), plan(added)[0]!);
    expect(isSamePlan(made, plan(after))).toBe(true);
  });

  it('without a canary returns its share', () => {
    expect(planWithout(plan('s1:70 c2:20 c3:10'), version(2))).toEqual(plan('s1:90 c3:10'));
    expect(planWithout(plan('s1:100 h2:5'), version(2))).toEqual(plan('s1:100'));
  });

  it.each([
    ['the canary that was promoted gets nothing', 's1:50 c2:50', 's2:100', 's1:100'],
    ['other canaries stay', 's1:50 c2:30 c3:20', 's2:80 c3:20', 's1:80 c3:20'],
    ['a change of shares is taken back as it was', 's1:90 c2:10', 's1:50 c2:50', 's1:90 c2:10'],
    ['a canary that was taken down comes back', 's1:90 c2:10', 's1:100', 's1:90 c2:10'],
    ['what answered comes back after everything was taken down', 's1:100', '', 's1:100'],
  ])('rolled back: %s', (_, before, now, after) => {
    expect(rolledBackPlan(plan(before), plan(now))).toEqual(plan(after));
  });
});
