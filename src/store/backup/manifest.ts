import { z } from 'zod';

/** Last entry of a backup, `manifest.json`: a truncated file has none. */
export const manifestSchema = z.object({
  format: z.literal('mitate-backup/1'),
  createdAt: z.iso.datetime(),
  /** `database`: made before an upgrade, without artifacts. */
  contents: z.enum(['workspace', 'database']),
  /** `when` of the newest migration of the source database, and the number of migrations. */
  migration: z.int(),
  migrations: z.int(),
  /** In foreign-key order. */
  tables: z.array(z.string().regex(/^[a-z_]+$/)),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.int() })),
  /** Stored photos of requests, in the order of their paths; absent = none are in the backup. */
  photos: z.object({ count: z.int(), sizeBytes: z.int(), sha256: z.string() }).optional(),
  /** Live artifacts whose files were missing or changed: not in the backup, or not as published. */
  damaged: z.array(z.string()),
  /** Of everything above, with the secret of the workspace; archives from before 0.2 have none. */
  mac: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestName = 'manifest.json';
export const tablePath = (table: string) => `database/${table}.jsonl`;
