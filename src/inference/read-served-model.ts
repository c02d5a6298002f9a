import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signature } from '../contracts/signature.ts';
import { warmupRequestSchema } from '../contracts/warmup.ts';
import type { ServedModel, WarmupPhoto } from './served-model.ts';

/** One seed for all models: projections of models on the same backbone can be compared. */
const projection = { seed: 'mitate-drift-projection/1', size: 64 };

/** What lies beside `Format-Serving/` of a Model artifact. */
export async function readServedModel(modelUri: string, signature: Signature): Promise<ServedModel> {
  const { labels, embeddingSize } = signature;
  return { classes: labels.length, embeddingSize, projection, warmup: await readWarmup(modelUri) };
}

/** Without a file: none. A line that is no request is left to InfraValidator's judgement. */
async function readWarmup(modelUri: string): Promise<WarmupPhoto[]> {
  const text = await readFile(join(modelUri, 'warmup', 'requests.jsonl'), 'utf8').catch(() => '');
  const requests = text.split('\n').flatMap((line) => {
    const parsed = line === '' ? undefined : warmupRequestSchema.safeParse(JSON.parse(line));
    return parsed?.success ? [parsed.data] : [];
  });
  return requests.map(({ image, probabilities }) => ({
    image: new Uint8Array(Buffer.from(image, 'base64')),
    probabilities,
  }));
}
