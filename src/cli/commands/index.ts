import type { Command } from 'commander';
import { registerBackup } from './backup.ts';
import { registerData } from './data.ts';
import { registerDoctor } from './doctor.ts';
import { registerEvaluate } from './evaluate.ts';
import { registerExplain } from './explain.ts';
import { registerGc } from './gc.ts';
import { registerInit } from './init.ts';
import { registerLineage } from './lineage.ts';
import { registerModel } from './model.ts';
import { registerModels } from './models.ts';
import { registerPredict } from './predict.ts';
import { registerQuickstart } from './quickstart.ts';
import { registerRestore } from './restore.ts';
import { registerRun } from './run.ts';
import { registerRuns } from './runs.ts';

/** Every command, in the order of the help. */
export const commands: readonly ((program: Command) => void)[] = [
  registerInit,
  registerRun,
  registerRuns,
  registerData,
  registerModels,
  registerModel,
  registerPredict,
  registerExplain,
  registerEvaluate,
  registerLineage,
  registerBackup,
  registerRestore,
  registerGc,
  registerDoctor,
  registerQuickstart,
];
