import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArtifactJson } from '../../../artifacts/artifact-json.ts';
import type { CardFacts } from './facts.ts';
import { cardMarkdown } from './markdown.ts';
import { modelCard } from './model-card.ts';

export async function writeCard(modelUri: string, facts: CardFacts): Promise<void> {
  const card = modelCard(facts);
  await writeArtifactJson(join(modelUri, 'model-card.json'), card);
  await writeFile(join(modelUri, 'model-card.md'), cardMarkdown(card, facts));
}
