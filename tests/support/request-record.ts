import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { RequestRecord } from '../../src/contracts/request-record.ts';

/** A record as the service writes it, of a photo that nobody sent. */
export function requestRecord(change: Partial<RequestRecord> = {}): RequestRecord {
  return {
    publicId: v7(),
    loggingTime: new Date().toISOString(),
    project: 'default',
    endpoint: 'leaf',
    deployedModelId: 'deployment-1',
    modelName: 'leaf-health',
    modelVersion: 3,
    role: 'stable',
    shadowOf: null,
    requestId: 'request-1',
    instance: 0,
    protocol: 'native',
    apiKeyId: 'key-1',
    idempotencyKey: null,
    bodyDigest: null,
    status: 200,
    errorCode: null,
    response: { label: 'unwell', probability: 0.9475, 葉: 'しおれ' },
    label: 'unwell',
    probability: 0.9475,
    positiveProbability: 0.9475,
    threshold: 0.5,
    uncertain: false,
    probabilities: [0.0525, 0.9475],
    imageSha256: randomBytes(32).toString('hex'),
    pixelsSha256: randomBytes(32).toString('hex'),
    imageFormat: 'jpeg',
    imageBytes: 23_000,
    properties: { brightness: 0.4, blur: 12.5 },
    quality: ['blurred'],
    outOfDistributionScore: 0.7,
    outOfDistribution: false,
    projection: Buffer.from(new Uint16Array(64).fill(0x3c00).buffer).toString('base64'),
    embedding: null,
    latencyMs: 6.5,
    queueMs: 0.5,
    inferenceMs: 5,
    attributes: { device: 'phone', 'app version': 2, indoors: true },
    attention: null,
    ...change,
  };
}
