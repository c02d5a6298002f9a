import { errorReference } from '../errors/reference.ts';
import { componentReference } from '../orchestrator/reference.ts';
import { schemaReference } from '../pipeline/schema-gen/schema-reference.ts';
import { cliReference } from './reference.ts';

/** Pages of docs/reference/ that are written from the code and compared with it by a test. */
export const referencePages: Record<string, () => string | Promise<string>> = {
  'cli.md': cliReference,
  'components.md': componentReference,
  'data-schema.md': schemaReference,
  'errors.md': errorReference,
};
