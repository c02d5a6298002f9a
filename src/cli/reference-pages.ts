import { errorReference } from '../errors/reference.ts';
import { componentReference } from '../orchestrator/reference.ts';
import { cliReference } from './reference.ts';
import { schemaReference } from './schema-reference.ts';

/** Pages of docs/reference/ that are generated from the code; a test compares them. */
export const referencePages: Record<string, () => string | Promise<string>> = {
  'cli.md': cliReference,
  'components.md': componentReference,
  'data-schema.md': schemaReference,
  'errors.md': errorReference,
};
