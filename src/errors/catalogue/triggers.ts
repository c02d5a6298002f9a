import { defineErrors } from '../define-errors.ts';

export const triggerErrors = defineErrors({
  TRIGGER_INVALID: {
    status: 400,
    when: 'the definition of a trigger is not valid',
    message: 'Trigger "{trigger}" is not valid: {field}: {reason}',
    remedy: 'Correct {field}; "mitate trigger create --help" lists what is accepted.',
  },
  TRIGGER_EXISTS: {
    status: 409,
    when: 'a trigger is created under a name that is taken',
    message: 'Trigger "{trigger}" already exists.',
    remedy: 'Choose another name, or remove the existing one: mitate trigger remove {trigger}',
  },
  TRIGGER_UNKNOWN: {
    status: 404,
    when: 'the project has no such trigger',
    message: 'Trigger "{trigger}" does not exist.',
    remedy: 'List the triggers with "mitate trigger list".',
  },
  TRIGGER_OFF: {
    status: 409,
    when: 'someone runs a disabled trigger, or notifies it of new data',
    message: 'Trigger "{trigger}" is disabled.',
    remedy: 'Enable it: mitate trigger enable {trigger}',
  },
  TRIGGER_TAKES_NO_CALLS: {
    status: 409,
    when: 'someone notifies a trigger of new data that was not created with --new-data',
    message: 'Trigger "{trigger}" has the kind {kind} and accepts no new-data calls.',
    remedy: 'Call a trigger created with --new-data, or start this one: mitate trigger run {trigger}',
  },
  TRIGGER_FOLDER_MISSING: {
    status: 400,
    when: 'the folder that a trigger watches does not exist',
    message: 'Trigger "{trigger}": the watched folder {folder} does not exist.',
    remedy: 'Create it on the machine of the worker, or choose another folder.',
  },
  TRIGGER_NO_RELEASE: {
    status: 409,
    when: 'a release trigger is run by hand before the first release',
    message: 'Trigger "{trigger}" runs the newest release of {environment}, which has none yet.',
    remedy: 'Deploy a release there: mitate deploy-pipeline <release> --env {environment}',
  },
  TRIGGER_LOOK_BACK_TOO_LONG: {
    status: 400,
    when: 'the dry run of a schedule covers too many scheduled times',
    message: 'Trigger "{trigger}" has more than {limit} scheduled times in this period.',
    remedy: 'Choose a shorter period, for example --last 7d.',
  },
  TRIGGER_FOLDER_UNREADABLE: {
    status: 400,
    when: 'the folder that a trigger watches cannot be read',
    message: 'Trigger "{trigger}": cannot read the watched folder {folder}: {reason}',
    remedy:
      'Give the user who runs the worker read permission on it and everything below (chmod -R u+rX). If it did not answer in time, mount it again, or watch a smaller folder.',
  },
  TRIGGER_PROCESS_DIED: {
    status: 500,
    when: 'the process that reads the watched folder of a trigger for the server ends without a result, or takes longer than 2 minutes',
    message: 'Trigger "{trigger}": the process that reads its folder ended without a result: {reason}.',
    remedy:
      'Check that the folder can be listed on the server, for example that its network drive responds, then repeat the request.',
  },
});
