/** For the parameters of a component's spec. */
export { z } from 'zod';
export { defineConfig, type ProjectConfig } from './config/environments.ts';
export type { Artifact, ArtifactType, Properties } from './contracts/artifact.ts';
export type { Signature } from './contracts/artifacts/signature.ts';
export type {
  Capabilities,
  ComponentModule,
  ComponentSpec,
  ContextOf,
  Progress,
  ResultOf,
  RunContext,
  RunResult,
} from './contracts/component.ts';
export type { Intent } from './contracts/intent.ts';
export type { Logger } from './contracts/logger.ts';
export type { Prediction } from './contracts/prediction.ts';
export type { Task } from './contracts/task.ts';
export { type ErrorCode, isMitateError, MitateError } from './errors/index.ts';
export {
  bulkInferrer,
  evaluator,
  exampleGen,
  exampleValidator,
  infraValidator,
  pusher,
  resolver,
  schemaGen,
  statisticsGen,
  trainer,
  transform,
  tuner,
} from './orchestrator/components.ts';
export type { Channel } from './orchestrator/define/channel.ts';
export { type Component, defineComponent, type StepArguments } from './orchestrator/define/component.ts';
export { definePipeline, type Pipeline, type PipelineOptions } from './orchestrator/define/define-pipeline.ts';
export { param } from './orchestrator/define/parameter.ts';
export { question } from './orchestrator/define/question.ts';
export type { StepOptions } from './orchestrator/define/step.ts';
