import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineComponent, z } from 'mitate';

export const labelCounts = defineComponent({
  spec: {
    name: 'LabelCounts',
    version: '1',
    inputs: { examples: { type: 'Examples' } },
    outputs: { report: { type: 'InferenceResult' } },
    parameters: z.object({
      least: z.int().min(1).default(20).describe('Minimum number of photos per label.'),
    }),
  },
  async run({ inputs, outputs, parameters, logger }) {
    const lines = (await readFile(join(inputs.examples.uri, 'examples.jsonl'), 'utf8')).trim().split('\n');
    const counts: Record<string, number> = {};
    for (const line of lines) {
      const { label } = JSON.parse(line) as { label: string };
      counts[label] = (counts[label] ?? 0) + 1;
    }
    for (const [label, count] of Object.entries(counts))
      if (count < parameters.least) logger.warn(`only ${count} photos of ${label}`);
    await writeFile(join(outputs.report, 'counts.json'), JSON.stringify(counts, null, 2));
    return {
      properties: { report: { labels: Object.keys(counts).length } },
      summary: `${lines.length} photos of ${Object.keys(counts).length} labels`,
    };
  },
});
