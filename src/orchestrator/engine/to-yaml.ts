import type { JsonValue } from '../../codecs/digest.ts';

/**
 * JSON as block YAML that means the same to readers of YAML 1.1 (PyYAML) and 1.2: strings and keys are quoted as in JSON, and an exponent
 * gets the decimal point without which YAML 1.1 reads text.
 */
export function toYaml(value: JsonValue): string {
  return `${block(value, '').trimStart()}\n`;
}

function block(value: JsonValue, indent: string): string {
  if (Array.isArray(value) && value.length > 0)
    return value.map((item) => `\n${indent}- ${block(item, `${indent}  `).trimStart()}`).join('');
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0)
    return Object.entries(value)
      .map(([key, member]) => `\n${indent}${keyOf(key)}: ${block(member, `${indent}  `)}`.replace(/: \n/, ':\n'))
      .join('');
  return typeof value === 'number' ? numberOf(value) : JSON.stringify(value);
}

/** What a reader of YAML 1.1 takes for a truth value or nothing. */
const notText = /^(y|yes|n|no|on|off|true|false|null)$/i;

function keyOf(key: string): string {
  return /^[A-Za-z][\w-]*$/.test(key) && !notText.test(key) ? key : JSON.stringify(key);
}

function numberOf(value: number): string {
  return String(value).replace(/^(-?\d+)e/, '$1.0e');
}
