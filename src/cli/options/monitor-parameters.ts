import { type MonitorKind, monitorKinds } from '../../contracts/loop/monitor.ts';
import { monitorTable } from '../../feedback/monitors/table.ts';

/** Values of `--param name=value` as the kind's types: a list where its default is one, numbers, else text. */
export function monitorParameters(kind: MonitorKind, given: Readonly<Record<string, string>>): Record<string, unknown> {
  const defaults = defaultsOf(kind);
  const values = Object.entries(given).map(([name, text]) => [
    name,
    Array.isArray(defaults[name]) ? text.split(',').map((each) => each.trim()) : numberOrText(text),
  ]);
  return Object.fromEntries(values);
}

/** A line for each kind that has parameters. */
export function parametersText(): string {
  const lines = monitorKinds.map((kind) => {
    const defaults = Object.entries(defaultsOf(kind)).map(([name, value]) => `${name}=${value}`);
    return defaults.length === 0 ? '' : `  ${kind.padEnd(19)} ${defaults.join(' ')}\n`;
  });
  return lines.join('');
}

function defaultsOf(kind: MonitorKind): Record<string, unknown> {
  const { parameters, example = {} } = monitorTable[kind];
  return parameters.parse(example) as Record<string, unknown>;
}

const numberOrText = (text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text);
