import type { Command } from 'commander';

type Register = (program: Command) => void;

/** Every command, in the order of the help. Each is loaded when it is about to be used: all of them together take three times as long. */
export const commands: Record<string, () => Promise<Register>> = {
  init: async () => (await import('./init.ts')).registerInit,
  run: async () => (await import('./run.ts')).registerRun,
  runs: async () => (await import('./runs.ts')).registerRuns,
  data: async () => (await import('./data.ts')).registerData,
  models: async () => (await import('./models.ts')).registerModels,
  model: async () => (await import('./model.ts')).registerModel,
  predict: async () => (await import('./predict.ts')).registerPredict,
  explain: async () => (await import('./explain.ts')).registerExplain,
  evaluate: async () => (await import('./evaluate.ts')).registerEvaluate,
  release: async () => (await import('./release.ts')).registerRelease,
  'deploy-pipeline': async () => (await import('./deploy-pipeline.ts')).registerDeployPipeline,
  maturity: async () => (await import('./maturity.ts')).registerMaturity,
  lineage: async () => (await import('./lineage.ts')).registerLineage,
  endpoint: async () => (await import('./endpoint.ts')).registerEndpoint,
  feedback: async () => (await import('./feedback.ts')).registerFeedback,
  queue: async () => (await import('./queue.ts')).registerQueue,
  monitor: async () => (await import('./monitor.ts')).registerMonitor,
  key: async () => (await import('./key.ts')).registerKey,
  user: async () => (await import('./user.ts')).registerUser,
  project: async () => (await import('./project.ts')).registerProject,
  audit: async () => (await import('./audit.ts')).registerAudit,
  serve: async () => (await import('./serve.ts')).registerServe,
  up: async () => (await import('./up.ts')).registerUp,
  tick: async () => (await import('./tick.ts')).registerTick,
  worker: async () => (await import('./worker.ts')).registerWorker,
  log: async () => (await import('./log.ts')).registerLog,
  backup: async () => (await import('./backup.ts')).registerBackup,
  restore: async () => (await import('./restore.ts')).registerRestore,
  gc: async () => (await import('./gc.ts')).registerGc,
  doctor: async () => (await import('./doctor.ts')).registerDoctor,
  quickstart: async () => (await import('./quickstart.ts')).registerQuickstart,
};
