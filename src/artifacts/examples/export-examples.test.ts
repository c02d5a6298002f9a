import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { runExampleGen } from '../../../tests/support/run-example-gen.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../../tests/support/small-photo.ts';
import { exportExamples } from './export-examples.ts';
import { readImages } from './read-examples.ts';

// tensorflow/core/example/feature.proto and example.proto, as published.
const proto = `syntax = "proto3"; package tensorflow;
message BytesList { repeated bytes value = 1; }
message FloatList { repeated float value = 1 [packed = true]; }
message Int64List { repeated int64 value = 1 [packed = true]; }
message Feature { oneof kind { BytesList bytes_list = 1; FloatList float_list = 2; Int64List int64_list = 3; } }
message Features { map<string, Feature> feature = 1; }
message Example { Features features = 1; }`;

interface Read {
  features: { feature: Record<string, { bytesList?: { value: Buffer[] }; int64List?: { value: string[] } }> };
}

/** A second reader: framing by hand, messages by protobufjs, gzip by zlib. */
function readShard(path: string): Read['features']['feature'][] {
  const type = protobuf.parse(proto).root.lookupType('tensorflow.Example');
  const bytes = gunzipSync(readFileSync(path));
  const found: Read['features']['feature'][] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const message = type.decode(bytes.subarray(at + 12, at + 12 + length));
    found.push((type.toObject(message, { longs: String }) as Read).features.feature);
    at += 16 + length;
  }
  return found;
}

async function examplesOf(scratch: ScratchFolder) {
  const labels = ['=1+1', 'a/b', '健康'];
  const rows: string[] = [];
  for (let i = 0; i < 30; i++) {
    scratch.write(`${i}.jpg`, await smallPhoto(i));
    rows.push(
      JSON.stringify({ path: `${i}.jpg`, label: labels[i % 3], group: `leaf ${i % 15}`, site: i % 2 ? 'n' : 's' }),
    );
  }
  const source = scratch.write('m.jsonl', rows.join('\n'));
  return runExampleGen(scratch, { source, groupBy: { attribute: 'group' } });
}

describe('Examples on disk', () => {
  it('are readable by another reader, key by key', async () => {
    using scratch = new ScratchFolder();
    const { uri, examples } = await examplesOf(scratch);
    for (const split of ['train', 'eval', 'test']) {
      const lines = examples.filter((example) => example.split === split);
      const records = readShard(join(uri, `Split-${split}`, 'data_tfrecord-00000-of-00001.gz'));
      expect(records).toHaveLength(lines.length);
      for (const [i, { label, filename, properties, group, attributes }] of lines.entries()) {
        const text = (key: string) => records[i]![key]?.bytesList?.value[0]?.toString();
        const number = (key: string) => Number(records[i]![key]?.int64List?.value[0]);
        expect(records[i]!['image/encoded']?.bytesList?.value[0]).toEqual(readFileSync(scratch.at(filename)));
        expect([text('image/class/text'), text('image/filename'), text('image/format')]).toEqual([
          label,
          filename,
          'jpeg',
        ]);
        expect(number('image/class/label')).toBe(['=1+1', 'a/b', '健康'].indexOf(label));
        expect([number('image/width'), number('image/height')]).toEqual([properties.width, properties.height]);
        expect([text('image/group'), text('image/attribute/site')]).toEqual([group, attributes.site]);
      }
    }
  });

  it('are rejected when a shard is corrupt or missing', async () => {
    using scratch = new ScratchFolder();
    const { uri } = await examplesOf(scratch);
    const shard = join(uri, 'Split-test', 'data_tfrecord-00000-of-00001.gz');
    const bytes = readFileSync(shard);
    bytes[60]! ^= 1;
    scratch.write(shard.slice(scratch.path.length + 1), bytes);
    await expect(readImages(uri, 'test').next()).rejects.toMatchObject({ code: 'EXAMPLES_CORRUPT' });
    scratch.write(shard.slice(scratch.path.length + 1), '');
    await expect(readImages(uri, 'test').next()).rejects.toMatchObject({ code: 'EXAMPLES_CORRUPT' });
  });

  it('are exported as a folder per label with safe names, and imported again with groups', async () => {
    using scratch = new ScratchFolder();
    const { uri, examples } = await examplesOf(scratch);
    const out = scratch.at('out');
    expect(await exportExamples(uri, out, { format: 'folder' })).toBe(30);
    expect(readdirSync(out).sort()).toEqual(['=1+1', 'a%2Fb', 'manifest.jsonl', '健康'].sort());
    const source = join(out, 'manifest.jsonl');
    const again = await runExampleGen(scratch, { source, groupBy: { attribute: 'group' } });
    const key = (list: typeof examples) => list.map(({ sha256, label, group, split }) => [sha256, label, group, split]);
    expect(key(again.examples)).toEqual(key(examples));
  });

  it('are exported as shards, and imported again with groups', async () => {
    using scratch = new ScratchFolder();
    const { uri, examples } = await examplesOf(scratch);
    const out = scratch.at('shards');
    expect(await exportExamples(uri, out, { format: 'tfrecord' })).toBe(30);
    expect(existsSync(join(out, 'examples.json'))).toBe(false);
    const again = await runExampleGen(scratch, { source: out, groupBy: { attribute: 'group' } });
    const key = (list: typeof examples) =>
      list.map(({ sha256, label, group, attributes }) => [sha256, label, group, attributes]);
    expect(key(again.examples)).toEqual(key(examples));
  });
});
