import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ChangedAnswer,
  changedAnswerSchema,
  changedAnswersFile,
} from '../../contracts/artifacts/reference-observation.ts';
import { readArtifactLines } from '../artifact-json.ts';

/** The model's answers to photos that were changed on purpose; empty for older models and small eval splits. @throws ARTIFACT_FILE_INVALID */
export async function readChangedAnswers(modelUri: string): Promise<ChangedAnswer[]> {
  const path = join(modelUri, changedAnswersFile);
  return existsSync(path) ? await readArtifactLines(path, changedAnswerSchema) : [];
}
