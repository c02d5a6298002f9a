import { writeFile } from 'node:fs/promises';
import { referencePages } from './reference/pages.ts';

// Writes the pages of docs/reference/ that come from the code: npm run docs
for (const [name, page] of Object.entries(referencePages)) {
  await writeFile(new URL(`../docs/reference/${name}`, import.meta.url), await page());
}
