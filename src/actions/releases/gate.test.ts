import { expect, it } from 'vitest';
import { targetParameters } from './gate.ts';

const release = { id: 'leaf-1', parameters: { images: '/home/runner/photos', epochs: 3 } };
const prod = { name: 'prod', parameters: {} };

it('asks for a path of this machine to be said anew elsewhere, and takes the word that is nearest', () => {
  expect(() => targetParameters(release, prod, {}, true)).toThrow(
    expect.objectContaining({ code: 'RELEASE_PARAMETER_LOCAL' }),
  );
  expect(targetParameters(release, prod, {}, false)).toEqual({});
  const there = { ...prod, parameters: { images: '/data', epochs: 4 } };
  expect(targetParameters(release, there, {}, true)).toEqual({ images: '/data', epochs: 4 });
  expect(targetParameters(release, there, { images: '/other' }, true)).toEqual({ images: '/other', epochs: 4 });
});
