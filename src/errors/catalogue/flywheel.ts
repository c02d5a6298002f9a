import { defineErrors } from '../define-errors.ts';

export const flywheelErrors = defineErrors({
  FLYWHEEL_BUSY: {
    status: 409,
    when: 'two exports write the next span of a folder at the same time',
    message: 'Span {span} of {folder} was just written by another export.',
    remedy: 'Run the export again; it exports the remaining photos.',
  },
  FLYWHEEL_POLICY_INVALID: {
    status: 400,
    when: 'an export policy has an invalid value',
    message: 'The flywheel policy is not valid: {reason}.',
    remedy: 'Correct the value; "mitate flywheel export --help" lists the options.',
  },
  FLYWHEEL_FOLDER_UNWRITABLE: {
    status: 409,
    when: 'the folder for spans is not writable, or not a folder',
    message: 'Cannot write a span in {folder}: {reason}.',
    remedy: 'Grant write permission or name another folder, then run the export again: no partial span was left.',
  },
  FLYWHEEL_PROCESS_DIED: {
    status: 500,
    when: 'the process that reads the photos of a flywheel or golden set ends without a result',
    message: 'The process that reads the photos ended without a result.',
    remedy:
      "Run it again: nothing was partly written. If it recurs, check the machine's free memory and report it as a bug.",
  },
  GOLDEN_SET_UNKNOWN: {
    status: 404,
    when: 'the named golden set does not exist',
    message: 'Project {project} has no golden set "{set}".',
    remedy: 'List the golden sets with "mitate golden list".',
  },
  GOLDEN_PHOTO_UNKNOWN: {
    status: 404,
    when: 'someone tries to remove a photo from a golden set that does not contain it',
    message: 'Golden set "{set}" has no photo {sha256}.',
    remedy: 'List its photos with "mitate golden show {set}".',
  },
  GOLDEN_NOTHING_NAMED: {
    status: 400,
    when: 'photos are added to a golden set from neither a folder nor an endpoint, or from both',
    message: 'Expected either a folder or an endpoint with labelled requests.',
    remedy: 'Add either --images <source> or --endpoint <name>.',
  },
  GOLDEN_LABEL_DIFFERS: {
    status: 409,
    when: 'someone tries to add a photo to a golden set that already has it under another label',
    message: 'Photo {filename} is in golden set "{set}" with label {known}; got {label}.',
    remedy:
      'Golden labels are frozen. If the new label is right, run "mitate golden remove {set} {sha256}" and add the photo again.',
  },
  GOLDEN_REQUEST_UNUSABLE: {
    status: 409,
    when: 'someone tries to add a request without a label or without a stored photo to a golden set',
    message: 'Request {id} cannot be used as a golden photo: {reason}.',
    remedy: 'Label it ("mitate feedback add"), or choose a request whose photo is stored.',
  },
});
