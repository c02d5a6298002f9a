import { writeFile } from 'node:fs/promises';
import { schemaReference } from '../src/pipeline/schema-gen/schema-reference.ts';

// Writes docs/reference/data-schema.md from the schema of the schema: npm run docs
await writeFile(new URL('../docs/reference/data-schema.md', import.meta.url), schemaReference());
