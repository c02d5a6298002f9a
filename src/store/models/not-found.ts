import { asc, eq } from 'drizzle-orm';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import { modelVersions } from '../database/schema.ts';

/** The error for a version that the project does not have. */
export async function modelNotFound(tx: Queryable, project: string, reference: string): Promise<MitateError> {
  const names = await tx
    .selectDistinctOn([modelVersions.name], { name: modelVersions.name })
    .from(modelVersions)
    .where(eq(modelVersions.project, project))
    .orderBy(asc(modelVersions.name));
  const known = names.map(({ name }) => name).join(', ') || 'none';
  return new MitateError('MODEL_NOT_FOUND', { reference, known });
}
