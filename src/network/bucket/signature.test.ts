import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, it } from 'vitest';
import { authorizationOf, signatureOf } from '../../../tests/support/signature-v4.ts';

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const emptyBody = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const published = [
  {
    target: '/test.txt',
    more: { range: 'bytes=0-9' },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  { target: '/?lifecycle', more: {}, signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543' },
  {
    target: '/?max-keys=2&prefix=J',
    more: {},
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
];

describe('signature version 4', () => {
  it.each(published)('is what AWS published for $target', async ({ target, more, signature }) => {
    const headers = {
      host: 'examplebucket.s3.amazonaws.com',
      ...more,
      'x-amz-content-sha256': emptyBody,
      'x-amz-date': '20130524T000000Z',
    };
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=${Object.keys(headers).sort().join(';')}, Signature=${signature}`;
    expect(signatureOf({ method: 'GET', target, headers: { ...headers, authorization } }, secretAccessKey)).toBe(
      signature,
    );
  });

  it('is the same by the library, of what is in need of encoding too', async () => {
    const target = '/leaf%27s%20%2B%28%E8%91%89%29.jpg?prefix=a%2Bb%20c/d&encoding-type=url';
    const signer = new AwsV4Signer({
      url: `https://examplebucket.s3.amazonaws.com${target}`,
      headers: { 'if-match': '"abc"' },
      service: 's3',
      region: 'eu-north-1',
      accessKeyId: 'AKID',
      secretAccessKey,
    });
    const signed = await signer.sign();
    const headers = { ...Object.fromEntries(signed.headers), host: 'examplebucket.s3.amazonaws.com' };
    const { signature } = authorizationOf(signed.headers.get('authorization')!);
    expect(signatureOf({ method: 'GET', target, headers }, secretAccessKey)).toBe(signature);
  });
});
