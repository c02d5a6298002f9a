import type { z } from 'zod';
import type { Artifact, ArtifactType, Properties } from './artifact.ts';
import type { Intent } from './intent.ts';
import type { Logger } from './logger.ts';
import type { GoldenPhoto } from './loop/golden.ts';

export interface InputPort {
  type: ArtifactType;
  optional?: boolean;
  /**
   * The launcher fills it with the newest earlier artifact of this pipeline's step `from` (default: the step itself) under `key`, and
   * leaves it out of the cache key: it may stabilise a result (sticky splits, drift against the previous span).
   */
  history?: { component?: string; key: string };
}
export interface OutputPort {
  type: ArtifactType;
  /** The component may produce nothing (Resolver without a model). */
  optional?: boolean;
}
export type Inputs = Record<string, InputPort>;
export type Outputs = Record<string, OutputPort>;

/** What a component may request beside its inputs, because only the launcher can access it. */
export interface Capabilities {
  /**
   * Photos of all golden sets of the project, which are never trained on. Part of the cache key, unless the component has a
   * `fingerprint` that covers them.
   */
  golden: {
    photos(): Promise<readonly GoldenPhoto[]>;
    /** Absolute path. */
    fileOf(photo: GoldenPhoto): string;
  };
  /** Erased photos. */
  erasures: {
    /** Those of the photos (sha256) that must not be ingested again. */
    among(photos: readonly string[]): Promise<ReadonlySet<string>>;
  };
}
export const capabilityNames = ['golden', 'erasures'] as const satisfies readonly (keyof Capabilities)[];
export type CapabilityName = (typeof capabilityNames)[number];
/** The capabilities that a spec declares. */
export type Granted<S> = S extends { capabilities: readonly (infer N extends CapabilityName)[] }
  ? Pick<Capabilities, N>
  : unknown;

/** A component as data: it loads no native module, so a pipeline can be read and linted in milliseconds. */
export interface ComponentSpec<
  I extends Inputs = Inputs,
  O extends Outputs = Outputs,
  P extends z.ZodType = z.ZodType,
> {
  /** TFX's name: `ExampleGen`. */
  name: string;
  /** Part of the cache key: increment it when the same inputs give another output. */
  version: string;
  inputs: I;
  outputs: O;
  /** JSON only, so that a definition can be frozen and compiled. */
  parameters: P;
  /** `false`: runs each time (Resolver). Default true. */
  cacheable?: boolean;
  /** `false`: its seed is always 0, and another seed still hits the cache. Default true. */
  seeded?: boolean;
  /**
   * `true`: its result depends only on inputs, parameters, seed and capabilities. It has no `fingerprint`, and is not loaded on a cache
   * hit. Default false.
   */
  sealed?: boolean;
  /** Requested beside its inputs. Default none. */
  capabilities?: readonly CapabilityName[];
  /** `[a, b]`: when inputs a and b are the same artifact, a counts as absent (Evaluator's baseline and model). */
  sameAsAbsent?: readonly [string, string];
}

/** Reports the progress of a step. `total` 0 = unknown. The receiver computes rate and time left. */
export type Progress = (done: number, total: number, unit: string) => void;

export interface RunContext<I extends Inputs = Inputs, O extends Outputs = Outputs, P extends z.ZodType = z.ZodType> {
  inputs: { [K in keyof I]: I[K] extends { optional: true } ? Artifact | undefined : Artifact };
  /** Absolute paths of empty folders to write into; the launcher publishes them by rename after success. */
  outputs: { [K in keyof O]: string };
  parameters: z.output<P>;
  logger: Logger;
  progress: Progress;
  now: () => Date;
  /** For titles and records. Not in the cache key: a cached output names the run that made it. */
  run: { id: string; pipeline: string };
  /** Unsigned 32-bit. */
  seed: number;
  signal: AbortSignal;
  /** Kept between runs; each component uses a subfolder of its own name. Content may disappear between runs. */
  cacheDir: string;
  /** Maximum number of inference processes (>= 1). */
  processes: number;
}

export interface RunResult<O extends Outputs = Outputs> {
  /** Properties of each output artifact. */
  properties?: { [K in keyof O]?: Properties };
  /** Optional outputs that were not produced. */
  absent?: (keyof O & string)[];
  intents?: Intent[];
  /** One line for users: "2,632 photos, 19 labels, none rejected". */
  summary?: string;
}

/** Export of a stage's `run.ts`. */
export interface ComponentModule<
  I extends Inputs = Inputs,
  O extends Outputs = Outputs,
  P extends z.ZodType = z.ZodType,
  C = unknown,
> {
  run(context: RunContext<I, O, P> & C): Promise<RunResult<O>>;
  /**
   * Digest of external data that the parameters refer to (ExampleGen's photos), for the cache key.
   * Cheap when nothing changed.
   */
  fingerprint?(
    parameters: z.output<P>,
    context: Pick<RunContext, 'cacheDir' | 'signal' | 'logger'> & C,
  ): Promise<string>;
}
/** The run context for a spec: `run(context: ContextOf<typeof spec>)`. */
export type ContextOf<S> =
  S extends ComponentSpec<infer I, infer O, infer P> ? RunContext<I, O, P> & Granted<S> : never;
export type ResultOf<S> = S extends ComponentSpec<infer _I, infer O, infer _P> ? RunResult<O> : never;
