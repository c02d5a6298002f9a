import { join } from 'node:path';
import type { Split } from '../../contracts/artifacts/example.ts';

/** Paths in an Examples artifact (shards in TFX's layout). */
export const summaryFile = (uri: string) => join(uri, 'examples.json');
export const indexFile = (uri: string) => join(uri, 'examples.jsonl');
export const rejectedFile = (uri: string) => join(uri, 'rejected.jsonl');
export const splitFolder = (uri: string, split: Split) => join(uri, `Split-${split}`);

/** `data_tfrecord-00000-of-00003.gz`. */
export function shardName(index: number, count: number): string {
  const digits = (value: number) => String(value).padStart(5, '0');
  return `data_tfrecord-${digits(index)}-of-${digits(count)}.gz`;
}
