import { bulkInferrerSpec } from '../pipeline/bulk-inferrer/spec.ts';
import { evaluatorSpec } from '../pipeline/evaluator/spec.ts';
import { exampleGenSpec } from '../pipeline/example-gen/spec.ts';
import { exampleValidatorSpec } from '../pipeline/example-validator/spec.ts';
import { infraValidatorSpec } from '../pipeline/infra-validator/spec.ts';
import { pusherSpec } from '../pipeline/pusher/spec.ts';
import { resolverSpec } from '../pipeline/resolver/spec.ts';
import { schemaGenSpec } from '../pipeline/schema-gen/spec.ts';
import { statisticsGenSpec } from '../pipeline/statistics-gen/spec.ts';
import { trainerSpec } from '../pipeline/trainer/spec.ts';
import { transformSpec } from '../pipeline/transform/spec.ts';
import { tunerSpec } from '../pipeline/tuner/spec.ts';
import { defineComponent } from './define/component.ts';

// Specs are cheap to import; a run.ts, which may load native modules, is imported when its step runs.

export const exampleGen = defineComponent({
  spec: exampleGenSpec,
  load: () => import('../pipeline/example-gen/run.ts'),
});
export const statisticsGen = defineComponent({
  spec: statisticsGenSpec,
  load: () => import('../pipeline/statistics-gen/run.ts'),
});
export const schemaGen = defineComponent({
  spec: schemaGenSpec,
  load: () => import('../pipeline/schema-gen/run.ts'),
});
export const exampleValidator = defineComponent({
  spec: exampleValidatorSpec,
  load: () => import('../pipeline/example-validator/run.ts'),
});
export const transform = defineComponent({
  spec: transformSpec,
  load: () => import('../pipeline/transform/run.ts'),
});
export const trainer = defineComponent({
  spec: trainerSpec,
  load: () => import('../pipeline/trainer/run.ts'),
});
export const tuner = defineComponent({
  spec: tunerSpec,
  load: () => import('../pipeline/tuner/run.ts'),
});
export const resolver = defineComponent({
  spec: resolverSpec,
  load: () => import('../pipeline/resolver/run.ts'),
});
export const evaluator = defineComponent({
  spec: evaluatorSpec,
  load: () => import('../pipeline/evaluator/run.ts'),
});
export const infraValidator = defineComponent({
  spec: infraValidatorSpec,
  load: () => import('../pipeline/infra-validator/run.ts'),
});
export const pusher = defineComponent({
  spec: pusherSpec,
  load: () => import('../pipeline/pusher/run.ts'),
});
export const bulkInferrer = defineComponent({
  spec: bulkInferrerSpec,
  load: () => import('../pipeline/bulk-inferrer/run.ts'),
});

/** The built-in components, in the order of the data. */
export const componentTable = [
  exampleGen,
  statisticsGen,
  schemaGen,
  exampleValidator,
  transform,
  trainer,
  tuner,
  resolver,
  evaluator,
  infraValidator,
  pusher,
  bulkInferrer,
] as const;
