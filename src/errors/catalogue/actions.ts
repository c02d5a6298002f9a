import { defineErrors } from '../define-errors.ts';

export const actionErrors = defineErrors({
  RUN_NOT_FOUND: {
    status: 404,
    when: 'no run, or more than one, has the given id',
    message: '{matches} runs begin with "{id}".',
    remedy: 'Take the id from "mitate runs list", or "latest".',
  },
  RUN_NOT_RUNNING: {
    status: 409,
    when: 'a run that has ended is to be cancelled',
    message: 'Run {id} has ended ({state}): there is nothing to cancel.',
    remedy: 'See "mitate runs list --state running".',
  },
  RUN_WITHOUT_SOURCE: {
    status: 409,
    when: 'a run that was not started from a file is to be retried',
    message: 'Run {id} of {pipeline} was not started from a pipeline file.',
    remedy: 'Start it again the way it was started.',
  },
  MODEL_NOT_FOUND: {
    status: 404,
    when: 'no registered model version matches the reference',
    message: 'No model version matches "{reference}". Registered: {known}.',
    remedy: '"mitate models" lists them; write name@version or name@alias. A run that is blessed registers one.',
  },
  MODEL_NOT_NAMED: {
    status: 400,
    when: 'a command needs a model, none was named, and there is not exactly one',
    message: 'Which model? Registered: {known}.',
    remedy: 'Add --model name, name@version or name@alias. With none registered, run a pipeline first.',
  },
  MODEL_PROMOTION_UNBLESSED: {
    status: 409,
    when: 'a version that was not blessed is to be promoted',
    message: '{model} was not blessed.',
    remedy:
      'Look at its evaluation ("mitate lineage {model}"). --force promotes it all the same, and the timeline says so.',
  },
  MODEL_NO_EARLIER_CHAMPION: {
    status: 409,
    when: 'a model that had one champion only is to be rolled back',
    message: '{name} had no other champion before.',
    remedy: '"mitate model show {name}" lists its versions; promote one of them.',
  },
  MODEL_NO_ALIAS_THEN: {
    status: 404,
    when: 'an alias pointed nowhere at the asked time',
    message: '{name}@{alias} pointed to no version at {at}.',
    remedy: '"mitate model show {name}" shows the whole timeline.',
  },
  DATA_NOT_FOUND: {
    status: 404,
    when: 'no data set matches the reference',
    message: 'No {type} artifact matches {reference}.',
    remedy: 'Import photos first: mitate data import <folder>. "mitate runs show latest" lists artifact ids.',
  },
  INIT_FOLDER_NOT_EMPTY: {
    status: 409,
    when: '"mitate init" is given a folder that holds something',
    message: '{folder} is not empty: it holds {example}.',
    remedy: 'Name a new folder: mitate init my-project',
  },
  FILE_UNWRITABLE: {
    status: 400,
    when: 'an output file cannot be written',
    message: 'Cannot write {path}: {reason}',
    remedy: 'Check that the folder exists and that you may write there.',
  },
});
