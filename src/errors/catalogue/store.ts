import { defineErrors } from '../define-errors.ts';

export const storeErrors = defineErrors({
  WORKSPACE_LOCKED: {
    status: 409,
    when: 'another living process works in the workspace',
    message: 'The workspace {path} is in use by process {pid} on {host} ("{command}", since {since}).',
    remedy: 'Wait until it has finished, stop it, or work in another workspace with --workspace DIR.',
  },
  WORKSPACE_NEWER: {
    status: 409,
    when: 'the workspace or its database was written by a newer Mitate',
    message: '{path} has format {found}; this Mitate knows formats up to {known}.',
    remedy: 'Update Mitate ("npm install mitate@latest"), or restore a backup that this version made.',
  },
  WORKSPACE_DAMAGED: {
    status: 500,
    when: 'a file of the workspace cannot be understood',
    message: 'The workspace {path} is damaged: {reason}',
    remedy: 'Restore the newest backup ("mitate restore <file>"; automatic ones lie in {path}/backups).',
  },
  WORKSPACE_NOT_EMPTY: {
    status: 409,
    when: 'a backup is to be restored over a workspace that already holds something',
    message: 'The workspace {path} is not empty.',
    remedy: 'Restore into another folder with --workspace DIR, or pass --force to replace what is there.',
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    when: 'the database does not answer or refuses the connection',
    message: 'The database {database} cannot be reached: {reason}',
    remedy: 'Check MITATE_DATABASE_URL and that the server runs, or unset it to use the embedded database.',
  },
  DATABASE_STOPPED: {
    status: 503,
    when: 'the embedded database ended while it was in use',
    message: 'The embedded database in {path} stopped: {reason}',
    remedy: 'Run the same command again: what was committed is kept, and finished steps are taken from the cache.',
  },
  RUN_INTERRUPTED: {
    status: 500,
    when: 'the process that worked on a run ended without finishing it',
    message: 'Process {pid} ended before the run was finished.',
    remedy: 'Run the pipeline again: finished steps are taken from the cache.',
  },
  RUN_UNKNOWN: {
    status: 404,
    when: 'no run has that id',
    message: 'There is no run {id}.',
    remedy: '"mitate runs list" shows the runs of this workspace.',
  },
  EXECUTION_UNKNOWN: {
    status: 404,
    when: 'no execution has that id',
    message: 'There is no execution {id}.',
    remedy: '"mitate runs show <run>" shows the executions of a run.',
  },
  EXECUTION_ENDED: {
    status: 409,
    when: 'an execution that already ended is to be ended in another way',
    message: 'Execution {id} of step {step} already ended as {state}.',
    remedy: 'Run the pipeline again; a new attempt gets an execution of its own.',
  },
  MODEL_UNKNOWN: {
    status: 404,
    when: 'no model version answers to the reference',
    message: 'There is no model {reference}.',
    remedy: '"mitate models" lists the registered models, "mitate model show <name>" the versions and aliases of one.',
  },
  MODEL_INPUT_MISSING: {
    status: 500,
    when: 'a model is to be pushed, but the execution had no model as that input',
    message: 'Step {step} pushes its input "{input}", but execution {id} has no such input.',
    remedy: 'Wire a Model artifact into that input of the step.',
  },
  ARTIFACT_UNKNOWN: {
    status: 404,
    when: 'no artifact has that id',
    message: 'There is no artifact {id}.',
    remedy: '"mitate runs show <run>" lists the artifacts of a run.',
  },
  ARTIFACT_MISSING: {
    status: 410,
    when: "an artifact's files are not where the store says",
    message: 'The files of the artifact at {uri} are gone.',
    remedy: 'Run the pipeline again: the step that made them is then run anew.',
  },
  ARTIFACT_DIGEST_MISMATCH: {
    status: 500,
    when: "an artifact's files were changed after they were published",
    message: 'The artifact at {uri} has digest {got}; {expected} was published.',
    remedy:
      'Delete that folder and run the pipeline again, or restore a backup: published artifacts must not be edited.',
  },
  ARTIFACT_ENTRY_INVALID: {
    status: 400,
    when: 'an artifact folder holds something that is neither a file nor a folder',
    message: 'The artifact folder {path} holds a {kind}.',
    remedy: 'Write plain files only: links and devices cannot be published.',
  },
  BACKUP_INVALID: {
    status: 400,
    when: 'a backup file is incomplete, damaged or not a backup',
    message: 'The backup {path} cannot be used: {reason}',
    remedy: 'Take another backup file; one made by "mitate backup" ends with its manifest and verifies.',
  },
});
