import { expect, it } from 'vitest';
import { parametersThere } from './gate.ts';

const release = { id: 'leaf-1', parameters: { images: '/home/runner/photos', epochs: 3 } };
const prod = { name: 'prod', parameters: {} };

it('asks for a path of this machine to be said anew elsewhere, and takes the word that is nearest', () => {
  expect(() => parametersThere(release, prod, {}, true)).toThrow(
    expect.objectContaining({ code: 'RELEASE_PARAMETER_LOCAL' }),
  );
  expect(parametersThere(release, prod, {}, false)).toEqual({});
  const there = { ...prod, parameters: { images: '/data', epochs: 4 } };
  expect(parametersThere(release, there, {}, true)).toEqual({ images: '/data', epochs: 4 });
  expect(parametersThere(release, there, { images: '/other' }, true)).toEqual({ images: '/other', epochs: 4 });
});
