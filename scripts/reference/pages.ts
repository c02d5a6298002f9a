import { cliReference } from './commands.ts';
import { componentReference } from './components.ts';
import { schemaReference } from './data-schema.ts';
import { errorReference } from './errors.ts';
import { maturityReference } from './maturity.ts';

/** Pages of docs/reference/ that are generated from the code; a test compares them. */
export const referencePages: Record<string, () => string | Promise<string>> = {
  'cli.md': cliReference,
  'components.md': componentReference,
  'data-schema.md': schemaReference,
  'errors.md': errorReference,
  'maturity.md': maturityReference,
};
