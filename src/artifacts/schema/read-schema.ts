import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataSchema, dataSchemaSchema } from '../../contracts/artifacts/data-schema.ts';
import { firstIssue, MitateError } from '../../errors/index.ts';
import { readArtifactJson } from '../artifact-json.ts';

/** `schema.json` of a Schema artifact. @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export function readSchema(uri: string): Promise<DataSchema> {
  return readArtifactJson(join(uri, 'schema.json'), dataSchemaSchema);
}

/** A curated schema.json of the user. @throws SCHEMA_UNREADABLE */
export async function readCuratedSchema(path: string): Promise<DataSchema> {
  const parsed = dataSchemaSchema.strict().safeParse(await readJson(path));
  if (!parsed.success) throw new MitateError('SCHEMA_UNREADABLE', { path, reason: firstIssue(parsed.error) });
  return checkConsistency(parsed.data, path);
}

/** Text of the curated file, for the cache key. @throws SCHEMA_UNREADABLE */
export async function readSchemaText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new MitateError('SCHEMA_UNREADABLE', { path, reason: (cause as Error).message }, { cause });
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readSchemaText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MitateError('SCHEMA_UNREADABLE', { path, reason: `not JSON: ${(cause as Error).message}` }, { cause });
  }
}

function checkConsistency(schema: DataSchema, path: string): DataSchema {
  const unknown = schema.labels.required.find((label) => !schema.labels.domain.includes(label));
  if (unknown !== undefined)
    throw new MitateError('SCHEMA_UNREADABLE', {
      path,
      reason: `labels.required names ${JSON.stringify(unknown)}, which is not in labels.domain`,
    });
  for (const [name, range] of Object.entries(schema.properties))
    if (range.min > range.max)
      throw new MitateError('SCHEMA_UNREADABLE', { path, reason: `properties.${name}: min is above max` });
  return schema;
}
