import { openBucket } from './bucket.ts';
import { openFolder } from './folder.ts';
import { openManifest } from './manifest.ts';
import type { OpenOptions, SourceItem, SourceOptions } from './source-item.ts';
import { sourceKind } from './source-kind.ts';
import { openTfrecords } from './tfrecords.ts';
import { openZip } from './zip.ts';

export type { SourceItem, SourceOptions } from './source-item.ts';

const defaultLimits = { maxBytes: 8 * 2 ** 30, maxEntries: 50_000 };

/**
 * The photos of a source: a folder per label (local or in a bucket), ZIP, CSV or JSONL manifest, TFRecord file or folder of shards. Photos are read on
 * demand.
 * @param source absolute or relative path, or `s3://bucket/prefix`
 * @throws SOURCE_*, BUCKET_*, MANIFEST_*, URL_NOT_ALLOWED for defects of the source as a whole
 */
export async function* openSource(source: string, options: SourceOptions = {}): AsyncGenerator<SourceItem> {
  const full = withDefaults(options);
  const found = await sourceKind(source);
  if (found.kind === 'folder') yield* openFolder(source, full);
  else if (found.kind === 'bucket') yield* openBucket(source, full);
  else if (found.kind === 'zip') yield* openZip(source, full);
  else if (found.kind === 'tfrecord') yield* openTfrecords(source, found.files, full);
  else yield* openManifest(source, found.kind, full);
}

/** Fills in the defaults: labels required, 8 GiB, 50,000 entries. */
export function withDefaults(options: SourceOptions): OpenOptions {
  return { labels: 'required', limits: defaultLimits, ...options };
}
