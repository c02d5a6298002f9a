import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../../tests/support/drawn-photos.ts';
import { writePhotoExamples } from '../../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
