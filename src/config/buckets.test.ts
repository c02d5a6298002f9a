import { describe, expect, it } from 'vitest';
import { bucketAccess } from './buckets.ts';

describe('the bucket configuration', () => {
  it('defaults to AWS in us-east-1 without credentials, and reads the standard variables', () => {
    expect(bucketAccess({})).toEqual({ endpoint: null, region: 'us-east-1', credentials: null });
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect(
      bucketAccess({ ...keys, AWS_DEFAULT_REGION: 'a', AWS_REGION: 'b', AWS_ENDPOINT_URL: 'http://[::1]:9000/' }),
    ).toEqual({
      endpoint: 'http://[::1]:9000',
      region: 'b',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: null },
    });
    const both = { AWS_ENDPOINT_URL: 'https://all.example.com', AWS_ENDPOINT_URL_S3: 'https://s3.example.com/base' };
    expect(bucketAccess(both).endpoint).toBe('https://s3.example.com/base');
    expect(bucketAccess({ AWS_ACCESS_KEY_ID: 'id' }).credentials).toBeNull();
  });

  it.each(['minio:9000', 'localhost', 'ftp://x', 'https://user:pw@x', 'https://x/?a=b'])('rejects %s', (url) => {
    expect(() => bucketAccess({ AWS_ENDPOINT_URL: url })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('pw') }),
    );
  });
});
