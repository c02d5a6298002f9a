import type { ArtifactType } from '../../contracts/artifact.ts';

const brand = Symbol.for('mitate.channel');

/** An output of a step, to be wired into another step's input. It carries no data: that exists only in a run. */
export interface Channel<T extends ArtifactType = ArtifactType> {
  readonly step: string;
  /** Output key of the step. */
  readonly key: string;
  readonly type: T;
  /** The definition it belongs to. */
  readonly owner: object;
}

export function createChannel<T extends ArtifactType>(fields: Channel<T>): Channel<T> {
  return Object.freeze({ ...fields, [brand]: true });
}

export function isChannel(value: unknown): value is Channel {
  return typeof value === 'object' && value !== null && brand in value;
}
