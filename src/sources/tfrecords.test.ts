import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasRealData, realFolder } from '../../tests/support/real-data.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { frameRecord } from '../artifacts/examples/tfrecord/frame.ts';
import { bytesFeature, encodeTfExample, type Feature, intFeature, textFeature } from '../codecs/tf-example.ts';
import { openSource, type SourceItem, type SourceOptions } from './open-source.ts';

const image = Buffer.from('photo');
const record = (features: Record<string, Feature>) => frameRecord(encodeTfExample(new Map(Object.entries(features))));

async function collect(source: string, options?: SourceOptions): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of openSource(source, options)) items.push(item);
  return items;
}

describe('TFRecord sources', () => {
  it('are read with the keys of TensorFlow and those of the original system', async () => {
    using scratch = new ScratchFolder();
    const shard = Buffer.concat([
      record({
        'image/encoded': bytesFeature(image),
        'image/class/text': textFeature('健康'),
        'image/filename': textFeature('a.jpg'),
      }),
      record({ 'image/encoded': bytesFeature(image), 'image/class/label': intFeature(7) }),
      record({ image_raw: bytesFeature(image), label: intFeature(0) }),
      record({ image_raw: bytesFeature(image), label: intFeature(1), 'image/group': textFeature('leaf 3') }),
      record({ image_raw: bytesFeature(image), 'image/attribute/site': textFeature('north') }),
    ]);
    const items = await collect(scratch.write('a.tfrecord', shard));
    expect(items.map(({ filename, label }) => [filename, label])).toEqual([
      ['a.jpg', '健康'],
      ['a.tfrecord#1', '7'],
      ['a.tfrecord#2', 'healthy'],
      ['a.tfrecord#3', 'unwell'],
      ['a.tfrecord#4', undefined],
    ]);
    expect(items[3]?.group).toBe('leaf 3');
    expect(items[4]?.attributes).toEqual({ site: 'north' });
    for (const item of items) expect(Buffer.from(await item.read())).toEqual(image);
  });

  it('are recognised by content, gzip or plain, in a folder of shards', async () => {
    using scratch = new ScratchFolder();
    const shard = record({ image_raw: bytesFeature(image), label: intFeature(1) });
    scratch.write('part-0', shard);
    scratch.write('part-1', gzipSync(Buffer.concat([shard, shard])));
    scratch.write('README.md', 'leaves');
    expect(await collect(scratch.path)).toHaveLength(3);
  });

  it('reject a record without an image', async () => {
    using scratch = new ScratchFolder();
    const [item] = await collect(scratch.write('a.tfrecord', record({ height: intFeature(3), label: intFeature(1) })));
    await expect(item!.read()).rejects.toMatchObject({
      code: 'SOURCE_TFRECORD_NO_IMAGE',
      message: expect.stringContaining('height, label'),
    });
  });

  it.each([
    [
      'a wrong checksum',
      (shard: Buffer) => Buffer.concat([shard, shard]).fill(1, shard.length + 20, shard.length + 21),
    ],
    ['a length past the end', (shard: Buffer) => shard.subarray(0, shard.length - 5)],
    ['no tf.Example', () => frameRecord(Buffer.from([0xff, 0xff, 0xff]))],
  ])('are refused with %s', async (_, damage) => {
    using scratch = new ScratchFolder();
    const shard = record({ image_raw: bytesFeature(image), label: intFeature(1) });
    await expect(collect(scratch.write('a.tfrecord', damage(shard)))).rejects.toMatchObject({
      code: 'SOURCE_TFRECORD_CORRUPT',
    });
  });

  it('are limited in expanded bytes and entries', async () => {
    using scratch = new ScratchFolder();
    const bomb = gzipSync(record({ image_raw: bytesFeature(Buffer.alloc(5_000_000)), label: intFeature(1) }));
    const path = scratch.write('bomb.tfrecord.gz', bomb);
    const small = { limits: { maxBytes: 1_000_000, maxEntries: 10 } };
    await expect(collect(path, small)).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
    const one = record({ image_raw: bytesFeature(image), label: intFeature(1) });
    const many = scratch.write('many.tfrecord', Buffer.concat(Array<Buffer>(11).fill(one)));
    await expect(collect(many, small)).rejects.toMatchObject({ code: 'SOURCE_TOO_MANY_ENTRIES' });
  });

  it('without a record are empty', async () => {
    using scratch = new ScratchFolder();
    await expect(collect(scratch.write('a.tfrecord', ''))).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  });

  const ofTheOriginal = async () => {
    const labels = (await collect(realFolder('tfrecord'))).map(({ label }) => label);
    expect(labels.filter((label) => label === 'unwell')).toHaveLength(120);
    expect(labels.filter((label) => label === 'healthy')).toHaveLength(32);
  };
  if (hasRealData) it('of the original system: 152 photos, 120 of them unwell', ofTheOriginal);
});
