import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { endpointSettingsSchema } from '../../contracts/endpoint.ts';
import type { Model } from '../deployments/model.ts';
import { choose, type Deployed, makeRoute, shadowsOf } from './route.ts';
import { Routes } from './routes.ts';

const about = { project: 'default', endpoint: 'leaf', settings: endpointSettingsSchema.parse({}) };
const deployed = (id: string, role: Deployed['role'], traffic: number): Deployed => {
  return { id, role, traffic, model: {} as Model };
};
const route = (canary: number, shadow = 0) =>
  makeRoute(about, [
    deployed('s', 'stable', 100 - canary),
    deployed('c', 'canary', canary),
    deployed('w', 'shadow', shadow),
  ])!;
const keys = Array.from({ length: 20_000 }, (_, i) => `request-${i}`);
const canaryKeys = (percent: number, of = keys) => of.filter((key) => choose(route(percent), key).id === 'c');

describe('the assignment of a request', () => {
  it('gives a canary of 10 % its share of 20,000 requests within 0.7 %', () => {
    const share = canaryKeys(10).length / keys.length;
    expect(Math.abs(share - 0.1)).toBeLessThan(0.007);
    const random = Array.from(keys, () => randomUUID());
    expect(Math.abs(canaryKeys(10, random).length / random.length - 0.1)).toBeLessThan(0.0085);
  });

  it('is the same for the same key, and stays when the canary grows', () => {
    const few = canaryKeys(10);
    expect(canaryKeys(10)).toEqual(few);
    const more = new Set(canaryKeys(20));
    expect(few.filter((key) => !more.has(key))).toEqual([]);
  });

  it('splits between several canaries, all or nothing at the ends', () => {
    const split = makeRoute(about, [
      deployed('s', 'stable', 50),
      deployed('a', 'canary', 30),
      deployed('b', 'canary', 20),
    ])!;
    const counts = { s: 0, a: 0, b: 0 };
    for (const key of keys) counts[choose(split, key).id as 's']++;
    expect([counts.s, counts.a, counts.b].map((count) => Math.round((100 * count) / keys.length))).toEqual([
      50, 30, 20,
    ]);
    expect(canaryKeys(0)).toEqual([]);
    expect(canaryKeys(100)).toHaveLength(keys.length);
  });

  it('lets a shadow see its share, whoever answers', () => {
    const seen = keys.filter((key) => shadowsOf(route(50, 25), key).length > 0);
    expect(Math.abs(seen.length / keys.length - 0.25)).toBeLessThan(0.01);
    const byCanary = seen.filter((key) => choose(route(50), key).id === 'c').length / seen.length;
    expect(Math.abs(byCanary - 0.5)).toBeLessThan(0.03);
  });

  it('is of no deployment when none is stable', () => {
    expect(makeRoute(about, [deployed('c', 'canary', 10)])).toBeNull();
  });
});

describe('an endpoint that is not named', () => {
  const routes = (defaultEndpoint?: string, ...names: string[]) => {
    const made = new Routes(defaultEndpoint);
    made.isComplete = true;
    for (const endpoint of names) made.set('default', endpoint, { route: { ...route(10), endpoint } });
    return made;
  };

  it('is the default, else the only one, else a question', () => {
    expect(routes('b', 'a', 'b').find('default', null).route?.endpoint).toBe('b');
    expect(routes(undefined, 'a').find('default', null).route?.endpoint).toBe('a');
    const error = expect.objectContaining({ code: 'ENDPOINT_NOT_NAMED', status: 409 });
    expect(() => routes(undefined, 'a', 'b').find('default', null)).toThrow(error);
    expect(() => routes(undefined).find('default', null)).toThrow(error);
    expect(() => routes('c', 'a').find('default', null)).toThrow(expect.objectContaining({ code: 'ENDPOINT_UNKNOWN' }));
  });
});
