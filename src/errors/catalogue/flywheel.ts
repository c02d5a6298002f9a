import { defineErrors } from '../define-errors.ts';

export const flywheelErrors = defineErrors({
  FLYWHEEL_BUSY: {
    status: 409,
    when: 'two exports write the next span of one folder at the same time',
    message: 'Span {span} of {folder} was taken by another export a moment ago.',
    remedy: 'Ask again: the other one has taken the new photos, and what it left comes then.',
  },
  FLYWHEEL_POLICY_INVALID: {
    status: 400,
    when: 'the policy of an export has a value that cannot be',
    message: 'The policy of the flywheel: {reason}.',
    remedy: 'Mend that value; "mitate flywheel export --help" lists what there is.',
  },
  FLYWHEEL_FOLDER_OUTSIDE: {
    status: 400,
    when: 'a flywheel that is asked for over HTTP names a folder outside of the folder of the pipelines',
    message: 'Over HTTP the folders of a flywheel are inside {pipelines}, and "{path}" is not.',
    remedy:
      'Name one relative to it; others are for "mitate flywheel export" and "mitate trigger create" on the server.',
  },
  FLYWHEEL_FOLDER_UNWRITABLE: {
    status: 500,
    when: 'the folder of the spans cannot be written',
    message: 'No span can be written in {folder}: {reason}.',
    remedy: 'Make room there or give the right to write, and ask again: nothing was half made.',
  },
  FLYWHEEL_PROCESS_DIED: {
    status: 500,
    when: 'the process that looks at the photos of a flywheel or golden set ends before it answers',
    message: 'The process that looks at the photos ended before it answered.',
    remedy:
      'Ask again: nothing was half made. If it stays, look at the memory of the machine, and tell the makers of Mitate.',
  },
  GOLDEN_SET_UNKNOWN: {
    status: 404,
    when: 'a golden set is named that is not there',
    message: 'There is no golden set "{set}" in project {project}.',
    remedy: 'See "mitate golden list".',
  },
  GOLDEN_PHOTO_UNKNOWN: {
    status: 404,
    when: 'a photo is to leave a golden set in which it is not',
    message: 'Golden set "{set}" has no photo {sha256}.',
    remedy: 'See "mitate golden show {set}".',
  },
  GOLDEN_NOTHING_NAMED: {
    status: 400,
    when: 'photos are to be added to a golden set, and neither a folder nor requests are named, or both are',
    message: 'A golden set takes photos of a folder, or of labelled requests of an endpoint: one of the two.',
    remedy: 'Name "--from <folder>", or "--endpoint <name>".',
  },
  GOLDEN_LABEL_DIFFERS: {
    status: 409,
    when: 'a photo is added to a golden set in which it has another label',
    message: 'Photo {filename} is in golden set "{set}" as {known}, and was now called {label}.',
    remedy: 'The set is frozen. If the new label is right: "mitate golden remove {set} {sha256}", and add it again.',
  },
  GOLDEN_REQUEST_UNUSABLE: {
    status: 409,
    when: 'a request is to give a golden photo, and has no label or no kept photo',
    message: 'Request {id} cannot be a golden photo: {reason}.',
    remedy: 'Label it ("mitate feedback add"), or choose one whose photo is kept.',
  },
});
