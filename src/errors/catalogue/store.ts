import { defineErrors } from '../define-errors.ts';

export const storeErrors = defineErrors({
  WORKSPACE_LOCKED: {
    status: 409,
    when: 'another running process uses the workspace',
    message: 'The workspace {path} is in use by process {pid} on {host} ("{command}", since {since}).',
    remedy: 'Wait until it has finished, stop it, or use another workspace with --workspace DIR.',
  },
  WORKSPACE_NEWER: {
    status: 409,
    when: 'the workspace or its database was written by a newer Mitate',
    message: '{path} has format {found}; this version of Mitate supports formats up to {known}.',
    remedy:
      'Update Mitate ("npm install mitate@latest"), or restore a backup made by this version: see "Roll back" in docs/guides/upgrading.md.',
  },
  WORKSPACE_DAMAGED: {
    status: 500,
    when: 'a file of the workspace is not readable',
    message: 'The workspace {path} is damaged: {reason}',
    remedy: 'Restore the newest backup with "mitate restore <file>"; automatic backups are in {path}/backups.',
  },
  WORKSPACE_SECRET_DAMAGED: {
    status: 500,
    when: 'a secret file of the workspace does not contain a secret',
    message: '{path} does not contain 64 hexadecimal digits.',
    remedy:
      'Restore the file from a backup, or delete it: a new secret is created, and links signed with the old one end.',
  },
  WORKSPACE_NOT_EMPTY: {
    status: 409,
    when: 'someone tries to restore a backup into a workspace that is not empty',
    message: 'The workspace {path} is not empty.',
    remedy: 'Restore into another folder with --workspace DIR, or add --force to replace the contents.',
  },
  DEMO_WORKSPACE_USED: {
    status: 409,
    when: '"mitate demo" is run on a workspace that has data',
    message: 'The workspace {workspace} has {what} already; the demo fills an empty one.',
    remedy: 'Give it a folder of its own: mitate demo --workspace demo/workspace',
  },
  DEMO_FOLDER_EXISTS: {
    status: 409,
    when: 'the folder in which "mitate demo" writes its pipeline and photos exists',
    message: '{folder} exists already; the demo writes its pipeline and photos there.',
    remedy: 'Move or remove it, or give the demo a workspace elsewhere: mitate demo --workspace demo/workspace',
  },
  DEMO_TRAINING_FAILED: {
    status: 500,
    when: 'the first training of "mitate demo" does not succeed',
    message: 'The first version of the demo could not be trained: {reason}',
    remedy: 'See "mitate runs show latest", and run the demo again in an empty folder.',
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    when: 'the database does not respond or refuses the connection',
    message: 'Cannot connect to the database {database}: {reason}',
    remedy:
      'Check MITATE_DATABASE_URL and that the database server is running, or unset it to use the embedded database.',
  },
  DATABASE_STOPPED: {
    status: 503,
    when: 'the embedded database ended while in use',
    message: 'The embedded database in {path} stopped: {reason}',
    remedy:
      'Run the same command, or send the same request, again: it is started again, committed data is kept, and finished steps are taken from the cache. If it does not start, the log says why.',
  },
  RUN_INTERRUPTED: {
    status: 500,
    when: 'the process of a run ended before the run finished',
    message: 'Process {pid} ended before the run finished.',
    remedy: 'Run the pipeline again: finished steps are taken from the cache.',
  },
  RUN_UNKNOWN: {
    status: 404,
    when: 'no run has that id',
    message: 'Run {id} does not exist.',
    remedy: 'List the runs with "mitate runs list".',
  },
  EXECUTION_UNKNOWN: {
    status: 404,
    when: 'no execution has that id',
    message: 'Execution {id} does not exist.',
    remedy: 'List the executions of a run with "mitate runs show <run>".',
  },
  EXECUTION_ENDED: {
    status: 409,
    when: 'an execution that has already ended is given another final state',
    message: 'Execution {id} of step {step} has already ended: {state}.',
    remedy: 'Run the pipeline again; a new attempt has its own execution.',
  },
  MODEL_INPUT_MISSING: {
    status: 500,
    when: 'a step pushes a model from an input that has no model',
    message: 'Step {step} pushes its input "{input}", but execution {id} has no such input.',
    remedy: 'Connect a Model artifact to that input of the step.',
  },
  ARTIFACT_UNKNOWN: {
    status: 404,
    when: 'no artifact has that id',
    message: 'Artifact {id} does not exist.',
    remedy: 'List the artifacts of a run with "mitate runs show <run>".',
  },
  ARTIFACT_MISSING: {
    status: 410,
    when: 'the files of an artifact are missing',
    message: 'The files of the artifact at {uri} are missing.',
    remedy: 'Run the pipeline again: the step that wrote them runs again.',
  },
  ARTIFACT_DIGEST_MISMATCH: {
    status: 500,
    when: 'the files of an artifact changed after they were published',
    message: 'Artifact at {uri}: expected digest {expected}, got {got}.',
    remedy:
      'Published artifacts must not be edited. Delete that folder and run the pipeline again, or restore a backup.',
  },
  ARTIFACT_TAKEN: {
    status: 409,
    when: 'two executions publish different artifacts at one place of shared storage; the first one stays',
    message: 'There is an artifact of execution {execution} at {uri}, and its files are others.',
    remedy: 'Check that no other job writes there (--root, or the pipeline root), then start a new run of the job.',
  },
  ARTIFACT_MANIFEST_INVALID: {
    status: 500,
    when: 'the manifest of an artifact in shared storage is damaged or of another version',
    message: 'The manifest of the artifact at {uri} cannot be read.',
    remedy: 'Run the job again with one version of Mitate in all images. Published artifacts must not be edited.',
  },
  ARTIFACT_OBJECT_DAMAGED: {
    status: 500,
    when: 'a file of an artifact in shared storage is cut short, changed or gone',
    message: '{uri} is damaged: {reason}.',
    remedy: 'Run the job again. Check what else writes to or deletes from the bucket, such as a life-cycle rule.',
  },
  ARTIFACT_ENTRY_INVALID: {
    status: 400,
    when: 'an artifact folder contains something other than files and folders',
    message: 'The artifact folder {path} contains a {kind}.',
    remedy: 'Write regular files only: links and devices cannot be published.',
  },
  BACKUP_INVALID: {
    status: 400,
    when: 'a backup file is incomplete, damaged or not a backup',
    message: 'Cannot use the backup {path}: {reason}',
    remedy: 'Use another backup; "mitate backup" writes and verifies one.',
  },
  BACKUP_FOREIGN: {
    status: 409,
    when: 'a backup was made by another workspace, or before 0.2, and the restore did not expect that',
    message: 'The backup {path} was not made by this workspace.',
    remedy:
      'If you trust its origin, add --from-elsewhere: its API keys, users and secrets are left out. To keep them, copy backup.secret from the workspace that made it into this one first.',
  },
  BACKUP_PASSPHRASE_WRONG: {
    status: 400,
    when: 'an encrypted backup is read with another passphrase than it was made with',
    message: 'The backup {path} is encrypted, and not with this passphrase.',
    remedy: 'Give its passphrase at the prompt, on standard input, or in MITATE_BACKUP_PASSPHRASE.',
  },
  BACKUP_PASSPHRASE_UNUSABLE: {
    status: 400,
    when: 'a backup would be encrypted with a passphrase that is too short, or that was not repeated',
    message: 'The backup was not made. Its passphrase: {reason}.',
    remedy: 'Use 12 to 1,024 characters. Without the passphrase, nobody can restore the backup.',
  },
  ARTIFACT_OUTSIDE: {
    status: 500,
    when: 'the files of an artifact would be deleted outside the workspace',
    message: 'The artifact {uri} is outside {root}; nothing was deleted.',
    remedy: 'The database names a folder that Mitate did not make. Restore a backup that you trust.',
  },
});
