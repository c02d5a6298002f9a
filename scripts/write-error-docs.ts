import { writeFile } from 'node:fs/promises';
import { errorReference } from '../src/errors/reference.ts';

// Writes docs/reference/errors.md from the catalogue: npm run docs
await writeFile(new URL('../docs/reference/errors.md', import.meta.url), errorReference());
