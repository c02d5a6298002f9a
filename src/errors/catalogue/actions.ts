import { defineErrors } from '../define-errors.ts';

export const actionErrors = defineErrors({
  RUN_NOT_FOUND: {
    status: 404,
    when: 'no run, or more than one, matches the given id',
    message: 'Expected one run whose id begins with "{id}", found {matches}.',
    remedy: 'Use an id from "mitate runs list", or "latest".',
  },
  RUN_NOTE_TOO_LONG: {
    status: 400,
    when: 'the note of a run is too long',
    message: 'The note has {length} characters, and may have {most}.',
    remedy: 'Shorten it, or put the text in a file and note where it is.',
  },
  RUN_DESCRIPTION_EMPTY: {
    status: 400,
    when: 'a run is to be described with neither a note nor an experiment',
    message: 'Neither a note nor an experiment is given for {id}.',
    remedy: 'Give one: mitate runs note {id} "what it shows" --experiment mixup',
  },
  RUN_NOT_RUNNING: {
    status: 409,
    when: 'someone tries to cancel a run that has ended',
    message: 'Run {id} cannot be cancelled: it has ended ({state}).',
    remedy: 'List the active runs with "mitate runs list --state running".',
  },
  RUN_STEP_UNKNOWN: {
    status: 404,
    when: 'a step is asked for that a run does not have, or has not reached',
    message: 'Run {id} has not started a step "{step}".',
    remedy: 'See its steps with "mitate runs show {id}".',
  },
  RUN_WITHOUT_SOURCE: {
    status: 409,
    when: 'someone tries to retry a run that was not started from a file',
    message: 'Run {id} of {pipeline} cannot be retried: it was not started from a pipeline file.',
    remedy: 'Start it again the way it was started.',
  },
  MODEL_NOT_FOUND: {
    replaces: 'MODEL_UNKNOWN',
    status: 404,
    when: 'no registered model version matches the reference',
    message: 'No model version matches "{reference}". Registered models: {known}.',
    remedy:
      'Give name@version or name@alias; "mitate models" lists them. A run whose model is blessed registers a version.',
  },
  MODEL_NOT_EVALUATED: {
    status: 404,
    when: 'the evaluation of a model version is asked for, and there is none, or its files are gone',
    message: '{model} has no evaluation: {reason}.',
    remedy: 'Run its pipeline again with an Evaluator; what has not changed comes from the cache.',
  },
  MODEL_PHOTO_UNKNOWN: {
    status: 404,
    when: 'a model version is tried on a photo that is not stored where it may look',
    message: 'No stored photo {sha256} is known to {model}.',
    remedy:
      'Give a photo of the data set that the version was evaluated on, or, with the permission "label", of a request whose photo is kept.',
  },
  MODEL_NOT_NAMED: {
    status: 400,
    when: 'a command needs a model, none was named, and the project does not have exactly one',
    message: 'No model was named. Registered models: {known}.',
    remedy: 'Add --model name, name@version or name@alias. If none is registered, run a pipeline first.',
  },
  MODEL_PROMOTION_UNBLESSED: {
    status: 409,
    when: 'someone tries to promote a version that was not blessed',
    message: '{model} cannot be promoted: it was not blessed.',
    remedy:
      'See its evaluation with "mitate lineage {model}". To promote it anyway, add --force; the timeline records it.',
  },
  MODEL_NO_CHALLENGER: {
    status: 409,
    when: 'someone promotes without naming a version, and there is neither a canary nor a challenger',
    message: '{name} has no challenger to promote.',
    remedy:
      'Name a version, such as {name}@1; "mitate model show {name}" lists them. A blessed run registers a challenger.',
  },
  MODEL_NO_EARLIER_CHAMPION: {
    status: 409,
    when: 'someone tries to roll back a model that had no earlier champion',
    message: '{name} has no earlier champion.',
    remedy: 'List its versions with "mitate model show {name}", and promote one of them.',
  },
  MODEL_NO_ALIAS_THEN: {
    status: 404,
    when: 'an alias pointed to no version at the given time',
    message: '{name}@{alias} pointed to no version at {at}.',
    remedy: 'See the whole timeline with "mitate model show {name}".',
  },
  DATA_NOT_FOUND: {
    status: 404,
    when: 'no data set matches the reference',
    message: 'No {type} artifact matches {reference}.',
    remedy: 'Import photos first: mitate data import <folder>. "mitate runs show latest" lists artifact ids.',
  },
  SUSPICIOUS_NOT_SEARCHED: {
    status: 404,
    when: 'no evaluation has searched a model or data set for suspicious labels',
    message: 'No evaluation has searched {reference} for suspicious labels.',
    remedy:
      'Run a pipeline whose Evaluator gets examples and transformGraph, as the one of "mitate init" does. "mitate runs list" shows the runs.',
  },
  RELABEL_NOTHING_NAMED: {
    status: 400,
    when: '"mitate data relabel" is given neither a photo with its label nor a table',
    message: 'Which photo has which label?',
    remedy: 'Give both, as in "mitate data relabel spot/7.jpg healthy", or a table of many: --from <file>.',
  },
  RELABEL_PHOTO_UNKNOWN: {
    status: 404,
    when: 'a photo to relabel is not in the data set',
    message: '"{photo}" is no photo of the data set {data}.',
    remedy:
      'Give its file or the beginning of its sha256 (6 digits or more), as "mitate data suspicious" shows them, or another data set with --data.',
  },
  RELABEL_PHOTO_AMBIGUOUS: {
    status: 400,
    when: 'the beginning of a sha256 names several photos of the data set',
    message: '"{photo}" is the beginning of several photos: {first} and {second}.',
    remedy: 'Give more digits of the sha256, or the file name.',
  },
  RELABEL_LABEL_UNKNOWN: {
    status: 400,
    when: 'a photo is to get a label that no photo of the data set has',
    message: '"{label}" is no label of the data set. Its labels: {known}.',
    remedy:
      'Give one of these. For a new label, move photos into a folder of its name in the source, or send "newLabel": true.',
  },
  PHOTO_UNKNOWN: {
    status: 404,
    when: 'a photo is in no data set of the project, nor in its request log',
    message: 'No photo {sha256} in {where}.',
    remedy: 'List the photos of a data set: GET /api/v1/data/<data set>/photos. It may have been erased.',
  },
  PHOTO_GONE: {
    status: 410,
    when: 'a photo is known, but its bytes are not stored',
    message: 'The photo {sha256} is not stored: {reason}.',
    remedy: 'Restore its source folder, or run the pipeline again: the new data set has a copy of every photo.',
  },
  PHOTOS_PROCESS_DIED: {
    status: 500,
    when: 'the process that reads a data set for a screen ends without a result',
    message: 'The process that reads the photos ended without a result.',
    remedy: "Try again. If it recurs, check the machine's free memory and report it as a bug.",
  },
  NEIGHBOURS_UNKNOWN: {
    status: 404,
    when: 'similar photos, or a map, are asked for, and no run has embedded the photos of the data set',
    message: 'The photos of data set {data} have no embeddings, by which photos are compared.',
    remedy: 'Train on it: "mitate run" with a pipeline that has a Transform step, as the one of "mitate init" does.',
  },
  CORRECTION_UNKNOWN: {
    status: 404,
    when: 'a correction that is to be taken back does not exist, or was taken back before',
    message: 'There is no correction {id} that counts.',
    remedy: 'List them: GET /api/v1/corrections?standing=true',
  },
  CORRECTIONS_NO_FILE: {
    status: 409,
    when: 'corrections are exported, and the run of the data set was given no corrections file',
    message: 'The run that made data set {data} reads no corrections file.',
    remedy:
      'Give one as `to`, and in the pipeline: corrections: \'corrections.jsonl\' for exampleGen, as the one of "mitate init" does.',
  },
  INIT_FOLDER_NOT_EMPTY: {
    status: 409,
    when: '"mitate init" is given a folder that already has a pipeline',
    message: '{folder} already contains {example}.',
    remedy: 'Run it with "mitate run", or give another folder: mitate init my-project',
  },
  INIT_PACKAGE_INVALID: {
    status: 400,
    when: '"mitate init" is given a folder whose package.json is not valid JSON',
    message: '{path} cannot be read: {reason}',
    remedy: 'Correct or delete it, and run "mitate init" again. Nothing was written.',
  },
  FILE_UNWRITABLE: {
    status: 400,
    when: 'an output file cannot be written',
    message: 'Cannot write {path}: {reason}',
    remedy: 'Check that the folder exists and that you have write permission.',
  },
});
