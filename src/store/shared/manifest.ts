import { z } from 'zod';
import { MitateError } from '../../errors/index.ts';
import type { ObjectStorage } from '../../network/objects/object-storage.ts';
import { digestOfFiles } from '../artifacts/tree-digest.ts';

/** Makes the files an artifact: it is created last, once, and never changed. */
export const manifestKey = '_MANIFEST.json';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
/** Relative, with forward slashes, without a way out of the folder. */
export const isInnerPath = (path: string): boolean =>
  path.split('/').every((part) => !['', '.', '..'].includes(part)) && !/[\0\\]/.test(path);
const pathSchema = z.string().refine(isInnerPath);

const manifestSchema = z.object({
  format: z.literal('mitate-artifact/1'),
  /** Writer of the files, which are below a folder of this name. */
  execution: pathSchema.refine((name) => !name.includes('/')),
  /** See tree-digest.ts. */
  digest: sha256Schema,
  files: z.array(z.object({ path: pathSchema, sizeBytes: z.int().min(0), sha256: sha256Schema })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Null = there is no artifact. @throws ARTIFACT_MANIFEST_INVALID, and what reading throws */
export async function readManifest(storage: ObjectStorage): Promise<Manifest | null> {
  const bytes = await storage.read(manifestKey);
  if (bytes === null) return null;
  const manifest = parsed(Buffer.from(bytes).toString());
  if (manifest !== null && digestOfFiles(manifest.files) === manifest.digest) return manifest;
  throw new MitateError('ARTIFACT_MANIFEST_INVALID', { uri: storage.uri });
}

function parsed(text: string): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export const sizeOf = ({ files }: Manifest): number => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
