import { describe, expect, it } from 'vitest';
import { splitUrl } from './predict-remote.ts';

describe('splitUrl', () => {
  it.each([
    ['http://127.0.0.1:8080/leaf', 'http://127.0.0.1:8080', 'leaf'],
    ['https://leaf.example/leaf-health/', 'https://leaf.example', 'leaf-health'],
    ['https://leaf.example/api/v1/endpoints/leaf', 'https://leaf.example', 'leaf'],
    ['https://leaf.example/api/v1/endpoints/leaf:predict', 'https://leaf.example', 'leaf'],
    ['https://leaf.example/behind/a/proxy/leaf', 'https://leaf.example/behind/a/proxy', 'leaf'],
  ])('%s', (given, url, name) => {
    expect(splitUrl(given)).toEqual({ url, name });
  });

  it.each([
    'http://127.0.0.1:8080',
    'http://127.0.0.1:8080/',
    'http:///leaf',
    'https://leaf.example/?x=1',
  ])('refuses %s, which names no endpoint', (given) => {
    expect(() => splitUrl(given)).toThrow(expect.objectContaining({ code: 'PARAMETER_INVALID' }));
  });
});
