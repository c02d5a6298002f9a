import type { ModelCard } from '../../../contracts/artifacts/model-card.ts';
import type { CardFacts } from './facts.ts';

/** `model-card.md`: front matter with Hugging Face's model card metadata, then the card. */
export function cardMarkdown(card: ModelCard, facts: CardFacts): string {
  const { model_details: details, model_parameters: parameters, considerations } = card;
  const { task } = facts.signature;
  const code = task.kind === 'question' ? `/${task.negativePattern.source}/${task.negativePattern.flags}` : null;
  const list = (items: { description: string }[]) =>
    items.map(({ description }) => `- ${withCode(description, code)}`).join('\n');
  return [
    frontMatter(card, facts),
    `# ${plain(details.name)}`,
    plain(details.overview),
    `## Model\n\n${plain(parameters.model_architecture)}\n\n- Input: ${parameters.input_format}\n- Output: ${parameters.output_format}`,
    `## Labels\n\n${facts.signature.labels.map((label) => `- ${plain(label)}`).join('\n')}`,
    `## Data\n\n${parameters.data.map(({ name, description }) => `- ${plain(name)}: ${plain(description ?? '')}`).join('\n')}`,
    `## Metrics\n\n${metricsTable(card)}`,
    `## Limitations\n\n${list(considerations.limitations)}`,
    `## Use\n\n${list([...considerations.users, ...considerations.use_cases])}`,
    `## Trade-offs\n\n${list(considerations.tradeoffs)}`,
    `## Ethical considerations\n\n${considerations.ethical_considerations.map(({ name, mitigation_strategy }) => `- ${name} ${mitigation_strategy}`).join('\n')}`,
    '',
  ].join('\n\n');
}

function metricsTable(card: ModelCard): string {
  const rows = card.quantitative_analysis.performance_metrics;
  if (rows.length === 0) return 'There are no eval photos to measure on.';
  return [
    '| metric | value | on |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.type} | ${row.value} | ${row.slice} |`),
  ].join('\n');
}

/** JSON strings are valid YAML strings, also for names with colons or quotes. */
function frontMatter(card: ModelCard, { texts, signature }: CardFacts): string {
  const lines = [
    '---',
    ...(texts.license ? [`license: ${JSON.stringify(texts.license.toLowerCase())}`] : []),
    'library_name: onnx',
    'pipeline_tag: image-classification',
    'tags:',
    ...['mitate', 'onnx', 'image-classification', signature.backbone.name].map((tag) => `  - ${JSON.stringify(tag)}`),
    'model-index:',
    `  - name: ${JSON.stringify(card.model_details.name)}`,
    ...results(card),
    '---',
  ];
  return lines.join('\n');
}

function results(card: ModelCard): string[] {
  const metrics = card.quantitative_analysis.performance_metrics.filter(({ slice }) => slice === 'eval split');
  if (metrics.length === 0) return ['    results: []'];
  return [
    '    results:',
    '      - task:',
    '          type: image-classification',
    '        dataset:',
    `          name: ${JSON.stringify(card.model_parameters.data[0]?.name)}`,
    '          type: custom',
    '          split: eval',
    '        metrics:',
    ...metrics.flatMap(({ type, value }) => [`          - type: ${type}`, `            value: ${value}`]),
  ];
}

/** `plain`, with the pattern of a question as code: escaped it was `(?&lt;!\\[a-z\\])healthy`. */
function withCode(text: string, code: string | null): string {
  if (code === null) return plain(text);
  const fence = code.includes('`') ? '``' : '`';
  return text.split(code).map(plain).join(`${fence}${code}${fence}`);
}

/** One line with Markdown and HTML escaped, since labels are untrusted. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|#~!]/g, '\\$&');
}
