import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { localArtifacts } from '../../src/store/artifacts/fs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { artifactStoreConformance } from './artifact-store.ts';

describe('artifacts in a local folder', () => {
  const folder = temporaryFolder();
  afterAll(() => folder[Symbol.dispose]());
  let count = 0;
  artifactStoreConformance(() => localArtifacts(join(folder.path, String(count++))));
});
