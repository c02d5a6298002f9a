import { basename } from 'node:path';
import { readTfrecord } from '../artifacts/examples/tfrecord/reader.ts';
import { ProtobufError } from '../codecs/protobuf.ts';
import { recordFrom } from '../codecs/record-from.ts';
import { decodeTfExample, type Features, firstBytes, firstInt, firstText } from '../codecs/tf-example.ts';
import { MitateError } from '../errors/index.ts';
import { byteBudget } from './limits.ts';
import type { OpenOptions, SourceItem } from './source-item.ts';
import { byCodeUnit } from './source-path.ts';

const attributePrefix = 'image/attribute/';

/** `image/class/text`, else its number; the original system's `label` 0 and 1 are healthy and unwell. */
function labelOf(features: Features): string | undefined {
  const text = firstText(features, 'image/class/text') ?? firstText(features, 'label');
  if (text !== undefined) return text.normalize('NFC') || undefined;
  const original = firstInt(features, 'label');
  if (original === 0n) return 'healthy';
  if (original === 1n) return 'unwell';
  return (firstInt(features, 'image/class/label') ?? original)?.toString();
}

function attributesOf(features: Features): Record<string, string> {
  const names = [...features.keys()].filter((key) => key.startsWith(attributePrefix)).sort(byCodeUnit);
  const entries = names.map((key) => [key.slice(attributePrefix.length), firstText(features, key) ?? ''] as const);
  return recordFrom(entries.map(([name, value]) => [name.normalize('NFC'), value.normalize('NFC')]));
}

function toItem(features: Features, place: string): SourceItem {
  const image = firstBytes(features, 'image/encoded') ?? firstBytes(features, 'image_raw');
  const filename = (firstText(features, 'image/filename') || place).normalize('NFC');
  const label = labelOf(features);
  const group = firstText(features, 'image/group');
  return {
    filename,
    ...(label !== undefined && { label }),
    ...(group && { group: group.normalize('NFC') }),
    attributes: attributesOf(features),
    async read() {
      if (image) return image;
      const keys = [...features.keys()].sort(byCodeUnit).join(', ') || '(none)';
      throw new MitateError('SOURCE_TFRECORD_NO_IMAGE', { filename, keys });
    },
  };
}

/**
 * The photos of TFRecord shards of `tf.train.Example`, plain or gzip. @throws SOURCE_TFRECORD_CORRUPT, SOURCE_TOO_LARGE,
 * SOURCE_TOO_MANY_ENTRIES, SOURCE_EMPTY
 */
export async function* openTfrecords(
  source: string,
  files: string[],
  options: OpenOptions,
): AsyncGenerator<SourceItem> {
  const budget = byteBudget(source, options.limits.maxBytes);
  let photos = 0;
  for (const file of files) {
    const corrupt = (record: number, offset: number, reason: string) =>
      new MitateError('SOURCE_TFRECORD_CORRUPT', { source: file, record, offset, reason });
    let record = 0;
    for await (const data of readTfrecord(file, { corrupt, onExpanded: budget })) {
      if (++photos > options.limits.maxEntries) {
        throw new MitateError('SOURCE_TOO_MANY_ENTRIES', { source, limit: options.limits.maxEntries });
      }
      yield toItem(
        decode(data, (reason) => corrupt(record, 0, reason)),
        `${basename(file)}#${record}`,
      );
      record++;
    }
  }
  if (photos === 0) throw new MitateError('SOURCE_EMPTY', { source });
}

function decode(data: Uint8Array, corrupt: (reason: string) => MitateError): Features {
  try {
    return decodeTfExample(data);
  } catch (error) {
    if (error instanceof ProtobufError) throw corrupt(`not a tf.train.Example: ${error.message}`);
    throw error;
  }
}
