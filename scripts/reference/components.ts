import { z } from 'zod';
import type { ComponentSpec, InputPort } from '../../src/contracts/component.ts';
import { componentTable } from '../../src/orchestrator/components.ts';

interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  additionalProperties?: unknown;
}

/** docs/reference/components.md, from the specs. */
export function componentReference(): string {
  return `# Components
The components have TFX's names. In a pipeline each is a function (\`exampleGen\`, \`statisticsGen\`, ...) that takes inputs and parameters in one object and returns its outputs;
an optional second argument is \`{ name, retries, timeout }\`. Generated from the specs by \`npm run docs\`.

${componentTable.map(({ spec }) => section(spec)).join('\n')}`;
}

function section(spec: ComponentSpec): string {
  const inputs = Object.entries(spec.inputs).filter(([, port]) => !port.history);
  const schema = z.toJSONSchema(spec.parameters, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return `## ${spec.name}
Inputs: ${inputs.map(([key, port]) => portText(key, port)).join(', ') || 'none'}. Outputs: ${Object.entries(
    spec.outputs,
  )
    .map(([key, port]) => portText(key, port))
    .join(', ')}.${spec.cacheable === false ? ' Always runs.' : ''}

${Object.entries(schema.properties ?? {})
  .map(([name, property]) => parameter(name, property, schema.required?.includes(name) ?? false))
  .join('\n')}
`;
}

const portText = (key: string, { type, optional }: Omit<InputPort, 'history'>) =>
  `\`${key}\`${optional ? '?' : ''} (${type})`;

function parameter(name: string, property: JsonSchema, required: boolean): string {
  const fallback = property.default === undefined ? '' : `, default \`${JSON.stringify(property.default)}\``;
  const description = property.description ? `: ${property.description}` : '';
  const line = `- \`${name}\` (${typeText(property)}${required ? ', required' : fallback})${description}`;
  return [line, ...members(property).map((member) => `  ${member}`)].join('\n');
}

/** The documented members of an object parameter. */
function members({ properties = {} }: JsonSchema): string[] {
  const described = Object.entries(properties).filter(([, { description }]) => description !== undefined);
  return described.map(([name, property]) => parameter(name, property, false));
}

function typeText(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeText(schema.items) : 'anything'}`;
  if (schema.type === 'object') {
    const members = Object.keys(schema.properties ?? {});
    return members.length ? `{ ${members.join(', ')} }` : 'object';
  }
  const bounds = [
    schema.minimum !== undefined && schema.minimum > -1e15 && `>= ${schema.minimum}`,
    schema.exclusiveMinimum !== undefined && `> ${schema.exclusiveMinimum}`,
    schema.maximum !== undefined && schema.maximum < 9e15 && `<= ${schema.maximum}`,
  ].filter(Boolean);
  return `${schema.type ?? 'any'}${bounds.length ? ` ${bounds.join(' and ')}` : ''}`;
}
