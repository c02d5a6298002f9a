import { afterAll, beforeAll, describe, vi } from 'vitest';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { editSignature } from '../support/model-folder.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { trainedModels } from '../support/trained-models.ts';
import type { Fixture } from './protocols/fixture.ts';
import { kserveV1Suite } from './protocols/kserve-v1.ts';
import { nativeSuite } from './protocols/native.ts';
import { oipSuite } from './protocols/oip.ts';
import { originalSuite } from './protocols/original.ts';
import { vertexSuite } from './protocols/vertex.ts';

vi.setConfig({ hookTimeout: 240_000 });

const folder = new ScratchFolder();
const fixture = {} as Fixture;

beforeAll(async () => {
  const models = await trainedModels(folder.path, 1);
  // above P(unwell) of some photos that are more probably unwell: the label is not always the more probable answer
  for (const model of models) editSignature(model, () => ({ threshold: 0.9 }));
  fixture.api = await ServedApp.open(models);
  fixture.photos = (await drawnPhotos(3, { seed: 5 })).map(({ bytes }) => bytes);
});
afterAll(async () => {
  await fixture.api?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('native', () => nativeSuite(fixture));
describe("the original system's", () => originalSuite(fixture));
describe('Vertex AI', () => vertexSuite(fixture));
describe('Open Inference Protocol v2', () => oipSuite(fixture));
describe('KServe v1', () => kserveV1Suite(fixture));
