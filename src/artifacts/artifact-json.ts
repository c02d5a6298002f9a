import { readFile, writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { firstIssue, MitateError } from '../errors/index.ts';

/** A JSON file of an artifact, indented by two spaces to be read and diffed. */
export async function writeArtifactJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * A JSON file of an artifact, validated.
 * @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID
 */
export async function readArtifactJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  return parseJson(await readText(path), schema, path);
}

/**
 * A JSON Lines file of an artifact, validated line by line.
 * @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID
 */
export async function readArtifactLines<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>[]> {
  const lines = (await readText(path)).split('\n');
  return lines.flatMap((line, i) => (line === '' ? [] : [parseJson(line, schema, `${path}:${i + 1}`)]));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new MitateError('FILE_UNREADABLE', { path, reason: (cause as Error).message }, { cause });
  }
}

function parseJson<S extends z.ZodType>(text: string, schema: S, path: string): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new MitateError('ARTIFACT_FILE_INVALID', { path, reason: 'it is not JSON' }, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new MitateError('ARTIFACT_FILE_INVALID', { path, reason: firstIssue(parsed.error) });
}
