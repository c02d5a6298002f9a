import { join } from 'node:path';
import { sha256 } from '../../../codecs/digest.ts';
import { decodeTfExample, firstBytes } from '../../../codecs/tf-example.ts';
import { MitateError } from '../../../errors/index.ts';
import { shardName, splitFolder } from '../files.ts';
import { readTfrecord } from '../tfrecord/reader.ts';
import type { ShardPlace } from './open.ts';

/**
 * Photos of one shard, by their records; reading stops after the last one.
 * @param shards number of shards of the split
 * @param wanted sha256 by record
 * @throws EXAMPLES_CORRUPT
 */
export async function readShard(
  uri: string,
  { split, shard }: Omit<ShardPlace, 'record'>,
  shards: number,
  wanted: ReadonlyMap<number, string>,
): Promise<Map<string, Uint8Array>> {
  const path = join(splitFolder(uri, split), shardName(shard, shards));
  const corrupt = (record: number, offset: number, reason: string) =>
    new MitateError('EXAMPLES_CORRUPT', { path, reason: `record ${record} at byte ${offset}: ${reason}` });
  const found = new Map<string, Uint8Array>();
  const last = Math.max(...wanted.keys());
  let record = 0;
  for await (const bytes of readTfrecord(path, { corrupt })) {
    const expected = wanted.get(record);
    if (expected !== undefined) {
      const image = firstBytes(decodeTfExample(bytes), 'image/encoded');
      if (!image || sha256(image) !== expected) throw corrupt(record, 0, `it is not ${expected}`);
      found.set(expected, Uint8Array.from(image));
    }
    if (record++ >= last) break;
  }
  return found;
}
