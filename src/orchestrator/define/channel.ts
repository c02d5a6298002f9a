import type { ArtifactType } from '../../contracts/artifact.ts';

const brand = Symbol.for('mitate.channel');

/** An output of a step, to be wired into the input of another. It carries no data, which exists only during a run. */
export interface Channel<T extends ArtifactType = ArtifactType> {
  readonly step: string;
  /** Output key of the step. */
  readonly key: string;
  readonly type: T;
  /** Identifies the pipeline definition it belongs to. */
  readonly owner: object;
}

export function createChannel<T extends ArtifactType>(fields: Channel<T>): Channel<T> {
  return Object.freeze({ ...fields, [brand]: true });
}

export function isChannel(value: unknown): value is Channel {
  return typeof value === 'object' && value !== null && brand in value;
}
