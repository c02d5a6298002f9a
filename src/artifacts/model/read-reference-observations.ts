import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  referenceObservationsFile as file,
  type ReferenceObservation,
  referenceObservationSchema,
} from '../../contracts/artifacts/reference-observation.ts';
import type { EndpointSettings } from '../../contracts/endpoint.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { MitateError } from '../../errors/index.ts';
import { fromFloat16 } from '../../math/stats/float16.ts';
import { readSignature } from './model-files.ts';

/**
 * The model's answers on photos of its own data set: the reference of the monitors. Empty for older models: their monitors report too little
 * data until a retraining, or compare with a past window.
 * @param abstain the endpoint's band of uncertain answers, and its threshold: the model does not know them
 * @throws MODEL_REFERENCE_INVALID when the file exists and cannot be used
 */
export async function readReferenceObservations(
  modelUri: string,
  { abstain = null, threshold = null }: Partial<Pick<EndpointSettings, 'abstain' | 'threshold'>> = {},
): Promise<Observation[]> {
  const text = await readFile(join(modelUri, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new MitateError('MODEL_REFERENCE_INVALID', { file, reason: error.message }, { cause: error });
  });
  const lines = text.split('\n').filter((line) => line !== '');
  const observations = lines.map((line, i) => observationOf(parse(line, i + 1), abstain));
  const task = threshold === null ? null : (await readSignature(modelUri)).task;
  if (threshold === null || task?.kind !== 'question') return observations;
  const labelOf = (score: number) => (score >= threshold ? task.positive : task.negative);
  return observations.map((each) => (each.score === null ? each : { ...each, label: labelOf(each.score) }));
}

function parse(line: string, number: number): ReferenceObservation {
  try {
    return referenceObservationSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new MitateError(
      'MODEL_REFERENCE_INVALID',
      { file, reason: `line ${number} is not an observation` },
      { cause },
    );
  }
}

function observationOf(row: ReferenceObservation, abstain: EndpointSettings['abstain']): Observation {
  const { answer } = row;
  const outOfDistributionScore = answer?.outOfDistributionScore ?? null;
  return {
    id: row.id,
    atMs: 0,
    status: 200,
    label: answer?.label ?? null,
    score: answer?.score ?? null,
    probabilities: answer?.probabilities ?? null,
    uncertain: answer !== null && abstain !== null && answer.score >= abstain.low && answer.score <= abstain.high,
    quality: row.quality,
    outOfDistribution: (outOfDistributionScore ?? 0) > 1,
    outOfDistributionScore,
    properties: row.properties,
    projection: projectionOf(row.projection),
    attention: row.attention,
    latencyMs: 0,
    attributes: row.attributes,
    truth: answer && { label: answer.truth, weight: 1 },
  };
}

/** Decodes a projection of the request log or the reference. @param base64 float16, little endian */
export function projectionOf(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => fromFloat16(bytes.readUInt16LE(2 * i)));
}
