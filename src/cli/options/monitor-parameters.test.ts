import { expect, it } from 'vitest';
import { monitorParameters } from './monitor-parameters.ts';

it('reads parameters of a monitor as the types of their kind', () => {
  expect(monitorParameters('positive-rate', { baseline: '0.628', tolerance: '3e-1' })).toEqual({
    baseline: 0.628,
    tolerance: 0.3,
  });
  expect(monitorParameters('positive-rate', { baseline: 'reference' })).toEqual({ baseline: 'reference' });
  expect(monitorParameters('image-properties', { properties: 'width' })).toEqual({ properties: ['width'] });
  expect(monitorParameters('image-properties', { properties: 'width, height' })).toEqual({
    properties: ['width', 'height'],
  });
  expect(monitorParameters('user-events', { event: 'retake' })).toEqual({ event: 'retake' });
  // refused later, by name
  expect(monitorParameters('latency', { unknown: '' })).toEqual({ unknown: '' });
});
