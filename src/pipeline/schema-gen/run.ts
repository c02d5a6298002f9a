import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { readCuratedSchema, readSchemaText } from '../../artifacts/schema/read-schema.ts';
import { readStatistics } from '../../artifacts/statistics/read-statistics.ts';
import { digestOf, sha256 } from '../../codecs/digest.ts';
import type { DataSchema } from '../../contracts/artifacts/data-schema.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { inferSchema } from './infer-schema.ts';
import type { schemaGenSpec } from './spec.ts';

type Spec = typeof schemaGenSpec;
type Parameters = z.output<Spec['parameters']>;

/** @throws SCHEMA_UNREADABLE */
export async function run({ inputs, outputs, parameters }: ContextOf<Spec>): Promise<ResultOf<Spec>> {
  const schema =
    parameters.from === undefined
      ? inferSchema(await readStatistics(inputs.statistics.uri), parameters)
      : await readCuratedSchema(resolve(parameters.from));
  await writeArtifactJson(join(outputs.schema, 'schema.json'), schema);
  const curated = parameters.from !== undefined;
  return {
    properties: { schema: { curated, labels: schema.labels.domain.length } },
    summary: `${curated ? 'curated' : 'inferred'}: ${describe(schema)}`,
  };
}

/** Digest of the curated file. @throws SCHEMA_UNREADABLE */
export async function fingerprint({ from }: Parameters): Promise<string> {
  return from === undefined ? digestOf(null) : sha256(await readSchemaText(resolve(from)));
}

function describe({ labels, formats, image, attributes }: DataSchema): string {
  const counts = `${labels.domain.length} labels, ${Object.keys(attributes).length} attributes`;
  return `${counts}, ${formats.join(' or ')}, at least ${image.minWidth}x${image.minHeight} px`;
}
