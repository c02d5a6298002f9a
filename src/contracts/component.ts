import type { z } from 'zod';
import type { Artifact, ArtifactType, Properties } from './artifact.ts';
import type { Intent } from './intent.ts';
import type { Logger } from './logger.ts';
import type { GoldenPhoto } from './loop/golden.ts';

export interface InputPort {
  type: ArtifactType;
  optional?: boolean;
  /**
   * The launcher fills it with the newest earlier artifact that this pipeline's step `from` (default: this very step) put out
   * under `key`, and leaves it out of the cache key: it may steady a result (sticky splits, drift against the previous span).
   */
  history?: { component?: string; key: string };
}
export interface OutputPort {
  type: ArtifactType;
  /** The component may put nothing out (Resolver without a model). */
  optional?: boolean;
}
export type Inputs = Record<string, InputPort>;
export type Outputs = Record<string, OutputPort>;

/** What a component may ask for beside its inputs, since only the launcher can reach it. */
export interface Capabilities {
  /** The project's photos that never train, of all golden sets. Part of the cache key, unless the component has a `fingerprint` and covers them there. */
  golden: {
    photos(): Promise<readonly GoldenPhoto[]>;
    /** Absolute path. */
    fileOf(photo: GoldenPhoto): string;
  };
  /** Photos that were erased on request. */
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

/** What a component is, as data: it loads no native module, so a pipeline can be read and linted in milliseconds. */
export interface ComponentSpec<
  I extends Inputs = Inputs,
  O extends Outputs = Outputs,
  P extends z.ZodType = z.ZodType,
> {
  /** TFX's name: `ExampleGen`. */
  name: string;
  /** Part of the cache key: raise it when the same inputs would give another output. */
  version: string;
  inputs: I;
  outputs: O;
  /** JSON only, so that a definition can be frozen and compiled. */
  parameters: P;
  /** `false`: runs each time (Resolver). Default true. */
  cacheable?: boolean;
  /** `false`: gets 0 for a seed, and another seed still hits the cache. Default true. */
  seeded?: boolean;
  /** `true`: its result depends on inputs, parameters, seed and capabilities alone. It has no `fingerprint`, and is not loaded on a cache hit. Default false. */
  sealed?: boolean;
  /** What it gets beside its inputs. Default none. */
  capabilities?: readonly CapabilityName[];
  /** `[a, b]`: when inputs a and b are the same artifact, a counts as absent (Evaluator's baseline and model). */
  sameAsAbsent?: readonly [string, string];
}

/** Says how far a step is. `total` 0 = unknown. Rate and time left are the receiver's sum. */
export type Progress = (done: number, total: number, unit: string) => void;

export interface RunContext<I extends Inputs = Inputs, O extends Outputs = Outputs, P extends z.ZodType = z.ZodType> {
  inputs: { [K in keyof I]: I[K] extends { optional: true } ? Artifact | undefined : Artifact };
  /** Absolute paths of empty folders to write into; the launcher makes them visible by rename when the step has ended well. */
  outputs: { [K in keyof O]: string };
  parameters: z.output<P>;
  logger: Logger;
  progress: Progress;
  now: () => Date;
  /** Unsigned 32-bit. */
  seed: number;
  signal: AbortSignal;
  /** Survives runs; a component takes a subfolder of its own name. What lies here may vanish between runs. */
  cacheDir: string;
  /** How many inference processes it may start (>= 1). */
  processes: number;
}

export interface RunResult<O extends Outputs = Outputs> {
  /** Properties of each output artifact. */
  properties?: { [K in keyof O]?: Properties };
  /** Optional outputs that were not produced. */
  absent?: (keyof O & string)[];
  intents?: Intent[];
  /** One line for people: "2,632 photos, 19 labels, none rejected". */
  summary?: string;
}

/** What a stage's `run.ts` exports. */
export interface ComponentModule<
  I extends Inputs = Inputs,
  O extends Outputs = Outputs,
  P extends z.ZodType = z.ZodType,
  C = unknown,
> {
  run(context: RunContext<I, O, P> & C): Promise<RunResult<O>>;
  /**
   * Digest of what the parameters point to outside the artifacts (ExampleGen's photos), for the cache key.
   * Cheap when nothing changed.
   */
  fingerprint?(
    parameters: z.output<P>,
    context: Pick<RunContext, 'cacheDir' | 'signal' | 'logger'> & C,
  ): Promise<string>;
}
/** The run context that a spec asks for: `run(context: ContextOf<typeof spec>)`. */
export type ContextOf<S> =
  S extends ComponentSpec<infer I, infer O, infer P> ? RunContext<I, O, P> & Granted<S> : never;
export type ResultOf<S> = S extends ComponentSpec<infer _I, infer O, infer _P> ? RunResult<O> : never;
