import { defineErrors } from '../define-errors.ts';

export const triggerErrors = defineErrors({
  TRIGGER_INVALID: {
    status: 400,
    when: 'a trigger is made whose definition says nothing that can be done',
    message: 'The trigger "{trigger}" is not valid: {field}: {reason}',
    remedy: 'Correct {field}; "mitate trigger create --help" shows what is taken.',
  },
  TRIGGER_EXISTS: {
    status: 409,
    when: 'a trigger is made under a name that another one has',
    message: 'There is a trigger named "{trigger}" already',
    remedy: 'Take another name, or remove it first: mitate trigger remove {trigger}',
  },
  TRIGGER_UNKNOWN: {
    status: 404,
    when: 'a trigger is asked for that the project does not have',
    message: 'There is no trigger named "{trigger}"',
    remedy: 'See "mitate trigger list".',
  },
  TRIGGER_OFF: {
    status: 409,
    when: 'a trigger is run or told of new data while it is off',
    message: 'The trigger "{trigger}" is off',
    remedy: 'Turn it on: mitate trigger enable {trigger}',
  },
  TRIGGER_TAKES_NO_CALLS: {
    status: 409,
    when: 'new data is announced to a trigger of another kind',
    message: 'The trigger "{trigger}" is one for {kind}, which is not told of new data',
    remedy: 'Announce it to a trigger made with --new-data, or start this one: mitate trigger run {trigger}',
  },
  TRIGGER_FOLDER_MISSING: {
    status: 400,
    when: 'the folder that a trigger watches is not there',
    message: 'The folder {folder} that the trigger "{trigger}" watches is not there',
    remedy: 'Make it, on the machine where the worker runs, or name another one.',
  },
  TRIGGER_NO_RELEASE: {
    status: 409,
    when: 'a trigger for releases is run by hand before there was one',
    message: 'The trigger "{trigger}" runs what is released for {environment}, and nothing was yet',
    remedy: 'Bring a release there: mitate deploy-pipeline <release> --env {environment}',
  },
  TRIGGER_LOOK_BACK_TOO_LONG: {
    status: 400,
    when: 'a dry run of a schedule is to look back over more moments than can be looked at in a moment',
    message: 'The schedule of the trigger "{trigger}" has more than {limit} moments in this time',
    remedy: 'Look back less far, such as --last 7d.',
  },
  TRIGGER_FOLDER_UNREADABLE: {
    status: 400,
    when: 'the folder that a trigger watches is there, and cannot be read',
    message: 'The folder {folder} that the trigger "{trigger}" watches cannot be read: {reason}',
    remedy: 'Give the user who runs the worker read permission on it and on all below it: chmod -R u+rX',
  },
});
