import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaReference } from '../../scripts/reference/data-schema.ts';
import { referencePages } from '../../scripts/reference/pages.ts';

describe('docs/reference', () => {
  it.each(Object.entries(referencePages))('%s matches the code (npm run docs writes it)', async (name, page) => {
    const docs = readFileSync(new URL(`../../docs/reference/${name}`, import.meta.url), 'utf8');
    expect(docs).toBe(await page());
  });

  it('describe the schema of the data field by field', () => {
    const page = schemaReference();
    for (const field of ['labels.domain', 'image.minWidth', 'properties.<name>.max', 'attributes.<name>.domain'])
      expect(page).toContain(`\`${field}\``);
  });
});
