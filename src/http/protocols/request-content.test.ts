import { describe, expect, it } from 'vitest';
import { checkImages, contentDigest, imageLimit, readAttributes } from './request-content.ts';

const bytes = (text: string) => Buffer.from(text);

describe('contentDigest', () => {
  const images = [bytes('one'), bytes('two')];
  const digest = contentDigest({ images, attributes: { a: 1 } }, 'leaf', 'predict');

  it('is the same for the same question', () => {
    const again = { images: images.map((image) => new Uint8Array(image)), attributes: { a: 1 } };
    expect(contentDigest(again, 'leaf', 'predict')).toBe(digest);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with every part, and with where one photo ends', () => {
    const others = [
      contentDigest({ images: [bytes('onet'), bytes('wo')], attributes: { a: 1 } }, 'leaf', 'predict'),
      contentDigest({ images: [bytes('onetwo')], attributes: { a: 1 } }, 'leaf', 'predict'),
      contentDigest({ images: images.toReversed(), attributes: { a: 1 } }, 'leaf', 'predict'),
      contentDigest({ images, attributes: { a: '1' } }, 'leaf', 'predict'),
      contentDigest({ images }, 'leaf', 'predict'),
      contentDigest({ images, attributes: { a: 1 } }, 'leaf', 'explain'),
      contentDigest({ images, attributes: { a: 1 } }, 'tree', 'predict'),
      contentDigest({ images, attributes: { a: 1 }, classLabel: 'rust' }, 'leaf', 'predict'),
    ];
    expect(new Set([...others, digest]).size).toBe(others.length + 1);
  });
});

describe('readAttributes', () => {
  it('takes texts, numbers and truths', () => {
    const attributes = { device: 'Pixel 9', version: 3.1, indoors: false };
    expect(readAttributes(attributes, 'attributes')).toEqual(attributes);
    expect(readAttributes({ ...attributes, place: null }, 'attributes')).toEqual(attributes);
    expect(readAttributes(null, 'attributes')).toBeUndefined();
  });

  it.each(['a', [1], { a: {} }, { a: 'x'.repeat(257) }, { ['k'.repeat(65)]: 1 }, { '': 1 }])('refuses %j', (value) => {
    expect(() => readAttributes(value, 'attributes')).toThrow(
      expect.objectContaining({ code: 'REQUEST_SHAPE_INVALID' }),
    );
  });

  it('takes no more than 32, and no prototype', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
    expect(Object.keys(readAttributes(many(32), 'x')!)).toHaveLength(32);
    expect(() => readAttributes(many(33), 'x')).toThrow();
    const read = readAttributes(JSON.parse('{"__proto__":{"polluted":1},"a":1}'), 'x')!;
    expect([Object.keys(read), read.polluted]).toEqual([['a'], undefined]);
  });
});

it('bounds the photos of one request', () => {
  checkImages(Array(imageLimit).fill(bytes('x')), 'a photo');
  expect(() => checkImages(Array(imageLimit + 1).fill(bytes('x')), 'a photo')).toThrow(
    expect.objectContaining({ code: 'REQUEST_TOO_MANY_IMAGES' }),
  );
  expect(() => checkImages([], 'a photo')).toThrow(expect.objectContaining({ code: 'REQUEST_WITHOUT_IMAGE' }));
});
