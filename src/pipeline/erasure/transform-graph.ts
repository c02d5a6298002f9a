import { cp, open } from 'node:fs/promises';
import { readArtifactJson, writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { readIndex } from '../../artifacts/examples/read-examples.ts';
import { embeddingsFile, transformFile, transformFileSchema } from '../../artifacts/transform-graph/files.ts';
import { splits } from '../../contracts/artifacts/example.ts';

const blockBytes = 4 << 20;

/**
 * Copies a TransformGraph artifact without the embeddings of a photo. Mean, scale and reference activations stay: they are sums over all photos, from
 * which none can be recovered.
 * @param examplesUri the Examples it was made from: line i of a split is row i
 */
export async function transformWithoutPhoto(
  uri: string,
  output: string,
  photo: string,
  examplesUri: string,
): Promise<void> {
  await cp(uri, output, { recursive: true });
  const about = await readArtifactJson(transformFile(uri), transformFileSchema);
  const photoBytes = about.views.length * about.embeddingSize * 4;
  for (const split of splits) {
    const place = (await readIndex(examplesUri, split)).findIndex(({ sha256 }) => sha256 === photo);
    if (place < 0) continue;
    await cutOut(embeddingsFile(uri, split), embeddingsFile(output, split), place * photoBytes, photoBytes);
    about.counts[split]--;
  }
  await writeArtifactJson(transformFile(output), about);
}

async function cutOut(from: string, to: string, start: number, length: number): Promise<void> {
  await using source = await open(from, 'r');
  await using target = await open(to, 'w');
  const { size } = await source.stat();
  await copyRange(source, target, 0, start);
  await copyRange(source, target, start + length, size);
}

type File = Awaited<ReturnType<typeof open>>;

async function copyRange(source: File, target: File, from: number, to: number): Promise<void> {
  const block = Buffer.allocUnsafe(Math.max(0, Math.min(blockBytes, to - from)));
  for (let at = from; at < to; ) {
    const { bytesRead } = await source.read(block, 0, Math.min(block.length, to - at), at);
    if (bytesRead === 0) throw new RangeError(`the file ends at byte ${at} of ${to}`);
    await target.write(block, 0, bytesRead);
    at += bytesRead;
  }
}
