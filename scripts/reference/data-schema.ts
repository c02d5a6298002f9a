import { z } from 'zod';
import { dataSchemaSchema } from '../../src/contracts/artifacts/data-schema.ts';

interface Node {
  description?: string;
  type?: string;
  const?: string;
  enum?: string[];
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  additionalProperties?: Node | false;
}

/** docs/reference/data-schema.md, from the schema of the schema. */
export function schemaReference(): string {
  const rows = fieldsOf(z.toJSONSchema(dataSchemaSchema) as Node, '');
  return `# schema.json
The requirements for the data. SchemaGen infers a schema from the data. To curate it, copy it from the artifact, edit and commit it, and pass its path as \`from\`:

\`\`\`ts
const { schema } = schemaGen({ statistics, from: 'schema.json' });
\`\`\`

ExampleValidator checks the data against it. Errors stop the steps that take the anomalies as an input; warnings are only reported.
Generated from the code by \`npm run docs\`.

| field | type | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

function fieldsOf(node: Node, path: string): string[] {
  const own = node.description === undefined ? [] : [row(path, node)];
  const named = Object.entries(node.properties ?? {}).flatMap(([name, child]) => fieldsOf(child, join(path, name)));
  const any = node.additionalProperties ? fieldsOf(node.additionalProperties, join(path, '<name>')) : [];
  return [...own, ...named, ...any];
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function row(path: string, node: Node): string {
  return `| \`${path}\` | ${kindOf(node).replaceAll('|', '\\|')} | ${node.description} |`;
}

function kindOf(node: Node): string {
  if (node.const !== undefined) return `\`"${node.const}"\``;
  if (node.anyOf) return node.anyOf.map(kindOf).join(' or ');
  if (node.enum) return node.enum.map((value) => `\`"${value}"\``).join(', ');
  if (node.type === 'array') return `list of ${kindOf(node.items ?? {})}`;
  return node.type ?? 'object';
}
