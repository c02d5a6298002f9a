import { z } from 'zod';
import { type Artifact, artifactTypeSchema, propertiesSchema } from '../../contracts/artifact.ts';
import { capabilityNames, type RunContext } from '../../contracts/component.ts';
import type { GoldenPhoto } from '../../contracts/loop/golden.ts';
import { recordOf } from '../../contracts/record-of.ts';
import { pipelineDefinitionSchema } from '../define/definition.ts';
import type { ParameterValues } from '../lint/parameters.ts';

/** What the launcher asks the process that has a pipeline's code. */
export type CodeRequest =
  | { kind: 'open'; source: string }
  | { kind: 'describe' }
  | { kind: 'prepare'; values: ParameterValues }
  | { kind: 'load'; step: string }
  | { kind: 'fingerprint'; step: string; context: SentContext }
  | { kind: 'run'; step: string; context: SentContext }
  | { kind: 'abort'; step: string }
  | { kind: 'erased'; ask: number; photos: string[] };

/** A context without its functions. */
export interface SentContext extends Pick<RunContext, 'cacheDir'> {
  /** Absent for a fingerprint. */
  run?: Pick<RunContext, 'outputs' | 'run' | 'seed' | 'processes'> & { inputs: Record<string, Artifact | undefined> };
  /** Null = not declared. */
  golden: { photo: GoldenPhoto; file: string }[] | null;
  erasures: boolean;
}

/** What that process sends unasked. It is not trusted: whatever comes from it is checked by these schemas. */
export const codeEventSchema = z.union([
  z.object({
    step: z.string(),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string().max(10_000),
    fields: recordOf(z.unknown()).optional(),
  }),
  z.object({ step: z.string(), done: z.number(), total: z.number(), unit: z.string().max(100) }),
  z.object({ step: z.string(), ask: z.int(), photos: z.array(z.string()).max(1_000_000) }),
]);
export type CodeEvent = z.infer<typeof codeEventSchema>;

/** In the paths of artifacts. */
const portName = z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/);
const port = z.object({ type: artifactTypeSchema, optional: z.boolean().optional() });
const history = z.object({ component: z.string().optional(), key: portName });

const specSchema = z.object({
  name: z.string().regex(/^[A-Z][A-Za-z0-9]{0,63}$/),
  version: z.string().min(1).max(128),
  inputs: z.record(portName, port.extend({ history: history.optional() })),
  outputs: z.record(portName, port),
  cacheable: z.boolean().optional(),
  seeded: z.boolean().optional(),
  sealed: z.boolean().optional(),
  capabilities: z.array(z.enum(capabilityNames)).optional(),
  sameAsAbsent: z.tuple([portName, portName]).optional(),
});

const pipelineName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,127}$/);
const stepName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

export const openedSchema = pipelineDefinitionSchema
  .pick({ seed: true, parameters: true })
  .extend({ name: pipelineName });

const stepSchema = pipelineDefinitionSchema.shape.steps.element.extend({ name: stepName });
export const describedSchema = pipelineDefinitionSchema.extend({
  name: pipelineName,
  steps: z
    .array(stepSchema)
    .max(1_000)
    .refine((steps) => new Set(steps.map(({ name }) => name)).size === steps.length, 'two steps have one name'),
});
export const preparedSchema = z.object({
  definition: describedSchema,
  /** By step: the built-in component of that name, or one of the pipeline's own with its parameters parsed. */
  components: z.record(
    stepName,
    z.union([z.object({ builtIn: z.string() }), z.object({ spec: specSchema, parameters: recordOf(z.unknown()) })]),
  ),
});

export const loadedSchema = z.object({ fingerprint: z.boolean() });

/** Characters of what is stored of a step beside its files. */
const mostStored = 2 ** 20;

/** Stored with the run, and sent to whoever looks at it. */
const cutText = z.string().transform((text) => text.slice(0, 10_000));

/** An error that the catalogue does not have. `denied`: the path, or what else the process may not use. */
const thrownSchema = z.object({
  reason: cutText,
  stack: cutText.optional(),
  code: cutText.optional(),
  path: cutText.optional(),
  denied: cutText.optional(),
});
export const doneSchema = z.union([
  z.object({ thrown: thrownSchema }),
  z.object({
    fingerprint: z.string().max(1_000).optional(),
    result: z
      .object({
        properties: recordOf(propertiesSchema).optional(),
        absent: z.array(z.string().max(256)).max(100).optional(),
        /** The publisher checks them. */
        intents: z.array(z.unknown()).max(1_000).optional(),
        summary: z.string().max(10_000).optional(),
      })
      .refine((result) => JSON.stringify(result).length <= mostStored, 'it is more than 1 MiB')
      .optional(),
  }),
]);
export type Done = z.infer<typeof doneSchema>;
