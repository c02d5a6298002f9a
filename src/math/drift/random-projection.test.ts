import { expect, it } from 'vitest';
import { Random } from '../stats/random.ts';
import { RandomProjection } from './random-projection.ts';

it('keeps squared distances on average: 64 numbers for 2,304', () => {
  const random = new Random(1);
  const projection = new RandomProjection('test', 2304);
  let ratio = 0;
  const pairs = 50;
  for (let pair = 0; pair < pairs; pair++) {
    const difference = Float32Array.from({ length: 2304 }, () => random.normal());
    const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    ratio += (squares(projection.project(difference)) * 2304) / 64 / squares(difference) / pairs;
  }
  expect(ratio).toBeCloseTo(1, 1);
});

it('is the same for the same seed', () => {
  const x = Float32Array.from({ length: 30 }, (_, i) => i);
  expect(new RandomProjection('a', 30, 4).project(x)).toEqual(new RandomProjection('a', 30, 4).project(x));
  expect(new RandomProjection('a', 30, 4).project(x)).not.toEqual(new RandomProjection('b', 30, 4).project(x));
});
