import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImages } from '../../../artifacts/examples/read-examples.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import { type WarmupRequest, warmupFile } from '../../../contracts/artifacts/warmup.ts';

/**
 * Writes `warmup/requests.jsonl`: some eval photos with the predictions that training computed from cached embeddings.
 * @param answers [examples, K], 0..1
 */
export async function writeWarmup(options: {
  modelUri: string;
  examplesUri: string;
  examples: readonly Example[];
  answers: Float64Array;
  count: number;
}): Promise<void> {
  const { modelUri, examplesUri, examples, answers, count } = options;
  const classes = answers.length / examples.length;
  const chosen = new Map(spreadOverLabels(examples, count).map((i) => [examples[i]!.sha256, i]));
  const requests: WarmupRequest[] = [];
  const [first] = examples;
  if (first) {
    const wanted = ({ sha256 }: Example) => chosen.has(sha256);
    for await (const { example, image } of readImages(examplesUri, first.split, wanted)) {
      const at = chosen.get(example.sha256)!;
      const probabilities = Array.from(answers.subarray(at * classes, (at + 1) * classes));
      requests.push({ sha256: example.sha256, image: Buffer.from(image).toString('base64'), probabilities });
    }
  }
  await mkdir(join(modelUri, 'warmup'), { recursive: true });
  await writeFile(join(modelUri, warmupFile), requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
}

/** Indexes of photos spread over the labels: the first of each label, then the second of each. */
function spreadOverLabels(examples: readonly Example[], count: number): number[] {
  const seen = new Map<string, number>();
  const ranked = examples.map(({ label }, i) => {
    const rank = seen.get(label) ?? 0;
    seen.set(label, rank + 1);
    return { i, rank, label };
  });
  ranked.sort((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : a.label > b.label ? 1 : a.i - b.i));
  return ranked.slice(0, count).map(({ i }) => i);
}
