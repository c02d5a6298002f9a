import { existsSync } from 'node:fs';
import { z } from 'zod';
import { issueOf, MitateError } from '../errors/index.ts';
import { writeWhole } from '../files/write-whole.ts';
import { readJsonl } from './manifest-rows.ts';
import { byCodeUnit } from './source-path.ts';

/** One line of a corrections file: a corrected label, or `excluded`. JSON Lines are read as text. */
const lineSchema = z
  .object({
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
    label: z.string().min(1).normalize('NFC').optional(),
    excluded: z.literal('true').optional(),
    /** The label in the source. */
    given: z.string(),
    /** For readers; photos are identified by their bytes. */
    filename: z.string(),
  })
  .refine(({ label, excluded }) => (label === undefined) !== (excluded === undefined), {
    path: ['label'],
    message: 'expected a label, or "excluded": true',
  })
  .transform(({ excluded, label = null, ...line }) => ({ ...line, label }));
/** A corrected label; null = the photo is left out. */
export type Correction = z.output<typeof lineSchema>;

/** By sha256; of several lines of a photo the last one. No file = no corrections yet. @throws CORRECTIONS_INVALID, MANIFEST_INVALID */
export async function readCorrections(file: string | undefined): Promise<Map<string, Correction>> {
  const found = new Map<string, Correction>();
  if (file === undefined || !existsSync(file)) return found;
  for await (const { line, cells } of readJsonl(file)) {
    const parsed = lineSchema.safeParse(cells);
    if (!parsed.success) throw new MitateError('CORRECTIONS_INVALID', { file, line, ...issueOf(parsed.error) });
    found.set(parsed.data.sha256, parsed.data);
  }
  return found;
}

/** Sorted by file name, so that a diff shows what changed. */
export async function writeCorrections(file: string, corrections: Iterable<Correction>): Promise<void> {
  const sorted = [...corrections].sort((a, b) => byCodeUnit(a.filename, b.filename) || byCodeUnit(a.sha256, b.sha256));
  await writeWhole(
    file,
    sorted.map(({ filename, given, label, sha256 }) => {
      const decision = label === null ? { excluded: true } : { label };
      return `${JSON.stringify({ filename, given, ...decision, sha256 })}\n`;
    }),
  );
}
