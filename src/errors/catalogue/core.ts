import { defineErrors } from '../define-errors.ts';

export const coreErrors = defineErrors({
  INTERNAL: {
    status: 500,
    when: 'something was thrown that the catalogue does not know',
    message: 'Unexpected error: {reason}',
    remedy:
      'This is a defect of Mitate. Please report it with the output of "mitate doctor" and the cause shown under --verbose.',
  },
  CANCELLED: {
    status: 499,
    when: 'a run was cancelled by a person or a signal',
    message: 'Cancelled.',
    remedy: 'Run the same command again to go on: finished steps are taken from the cache.',
  },
  PARAMETER_INVALID: {
    status: 400,
    when: 'a parameter, flag or setting has a wrong type or value',
    message: '{where}: {reason}',
    remedy: 'Correct the value. "mitate {command} --help" shows what is taken.',
  },
  FILE_UNREADABLE: {
    status: 400,
    when: 'a file or folder does not exist or may not be read',
    message: 'Cannot read {path}: {reason}',
    remedy: 'Check that the path exists and that you may read it.',
  },
  DISK_FULL: {
    status: 507,
    when: 'a write failed because the disk or quota is full',
    message: 'No space left while writing {path}.',
    remedy: 'Free some space ("mitate gc" lists what Mitate can delete) and run the same command again.',
  },
  WORKSPACE_READ_ONLY: {
    status: 403,
    when: 'the workspace cannot be written',
    message: 'The workspace {path} cannot be written: {reason}',
    remedy: 'Give write permission, or choose another place with --workspace DIR.',
  },
});
