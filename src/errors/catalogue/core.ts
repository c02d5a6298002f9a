import { defineErrors } from '../define-errors.ts';

export const coreErrors = defineErrors({
  INTERNAL: {
    status: 500,
    when: 'an error occurred that the catalogue does not know',
    message: 'Unexpected error: {reason}',
    remedy:
      'This is a bug in Mitate. Please report it with the output of "mitate doctor" and the cause that --verbose shows.',
  },
  CANCELLED: {
    status: 499,
    when: 'a user or a signal cancelled a run',
    message: 'Cancelled.',
    remedy: 'Run the same command again to continue; finished steps are taken from the cache.',
  },
  PARAMETER_INVALID: {
    status: 400,
    when: 'a parameter, flag or setting has the wrong type or an invalid value',
    message: '{where}: {reason}',
    remedy: 'Correct the value; "mitate {command} --help" lists what is accepted.',
  },
  FILE_UNREADABLE: {
    status: 400,
    when: 'a file or folder does not exist or cannot be read',
    message: 'Cannot read {path}: {reason}',
    remedy: 'Check that the path exists and that you have read permission.',
  },
  DISK_FULL: {
    status: 507,
    when: 'a write failed because the disk or quota is full',
    message: 'No space left while writing {path}.',
    remedy: 'Free some space ("mitate gc" lists what can be deleted), then run the same command again.',
  },
  DISK_FAILED: {
    status: 500,
    when: 'the disk reported an error while reading or writing',
    message: 'The disk failed at {path} (EIO).',
    remedy: 'Check the volume and its kernel log, then run the same command again: nothing half-written is used.',
  },
  WORKSPACE_READ_ONLY: {
    status: 403,
    when: 'the workspace is not writable',
    message: 'Cannot write to the workspace {path}: {reason}',
    remedy: 'Grant write permission, or use another workspace with --workspace DIR.',
  },
});
