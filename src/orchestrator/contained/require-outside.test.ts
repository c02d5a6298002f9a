import { describe, expect, it } from 'vitest';
import { resolveRunLimits } from '../../config/runs.ts';
import { requireOutside } from './require-outside.ts';

const env = { MITATE_RELEASE_READS: 's3://leaves/roses, https://data.example/roses/, photos' };
const { reads } = resolveRunLimits({ env, cwd: '/srv' });
const check = (source: string) =>
  requireOutside('gen', { source }, '/srv/ws', { golden: '/srv/ws/golden/roses', own: '/srv/ws/releases/abc', reads });

describe('a source of a release', () => {
  it.each([
    's3://leaves/roses/span-1',
    'https://data.example/roses/a.zip',
    '/srv/photos',
    '/srv/ws/golden/roses/field',
    // defaults of the pipeline that init writes, relative to its file
    '/srv/ws/releases/abc/field/span-{SPAN}',
    '/srv/ws/releases/abc/corrections.jsonl',
  ])('%s is read', (source) => expect(() => check(source)).not.toThrow());

  it.each([
    's3://leaves/tulips',
    's3://leaves/roses-of-others',
    'https://data.example/roses/../tulips',
    'http://data.example/roses/a.zip',
    '/srv/ws/images',
    '/srv/ws/releases/def/photos',
    '/srv/ws/releases/abc',
    '/srv/ws/releases/{SPAN}/photos',
    'file:///srv/ws/images',
    '/srv/{SPAN}/../ws/images',
  ])('%s is refused', (source) => expect(() => check(source)).toThrow(/RUN_CODE_DENIED|may not/));
});
