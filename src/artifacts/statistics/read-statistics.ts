import { join } from 'node:path';
import {
  type BorderPixels,
  borderPixelsSchema,
  type Statistics,
  statisticsSchema,
} from '../../contracts/artifacts/statistics.ts';
import { readArtifactJson, readArtifactLines } from '../artifact-json.ts';

/** `statistics.json` of an ExampleStatistics artifact. @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export function readStatistics(uri: string): Promise<Statistics> {
  return readArtifactJson(join(uri, 'statistics.json'), statisticsSchema);
}

/** `border-pixels.jsonl`, every photo of every split. @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export function readBorderPixels(uri: string): Promise<BorderPixels[]> {
  return readArtifactLines(join(uri, 'border-pixels.jsonl'), borderPixelsSchema);
}
