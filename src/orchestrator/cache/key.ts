import { canonicalJson, digestOf, sha256 } from '../../codecs/digest.ts';
import type { Artifact } from '../../contracts/artifact.ts';
import type { ComponentSpec } from '../../contracts/component.ts';

export interface KeySource {
  pipeline: string;
  step: string;
  spec: ComponentSpec;
  /** With defaults filled in. */
  parameters: Record<string, unknown>;
  /** Input key -> artifact; absent ones undefined. */
  inputs: Record<string, Artifact | undefined>;
  /** The component's digest of what its result depends on outside its artifacts. */
  fingerprint: string | null;
  seed: number;
}

/** Longer values are stored as their digest, since parts are shown to users. */
const longestPart = 120;

/** What a step's result depends on, part by part. Inputs count by content, so a rerun that gave equal bytes still hits. */
export function keyParts({
  pipeline,
  step,
  spec,
  parameters,
  inputs,
  fingerprint,
  seed,
}: KeySource): Record<string, string> {
  const parts: Record<string, string> = { component: `${spec.name}@${spec.version}` };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) parts[`parameter.${name}`] = short(value);
  for (const [key, port] of Object.entries(spec.inputs)) {
    if (!port.history) parts[`input.${key}`] = inputs[key]?.digest ?? 'absent';
  }
  // a history belongs to one step of one pipeline: the output of another would have other sticky splits
  if (Object.values(spec.inputs).some((port) => port.history)) parts.history = `${pipeline}/${step}`;
  if (fingerprint !== null) parts.fingerprint = fingerprint;
  if (spec.seeded !== false) parts.seed = String(seed);
  return parts;
}

function short(value: unknown): string {
  const text = canonicalJson(value);
  return text.length <= longestPart ? text : `sha256:${sha256(text)}`;
}

export function cacheKey(parts: Record<string, string>): string {
  return digestOf(parts);
}
