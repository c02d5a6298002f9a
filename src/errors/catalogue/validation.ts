import { defineErrors } from '../define-errors.ts';

/** Statistics, schema and anomalies. */
export const validationErrors = defineErrors({
  DATA_ANOMALIES: {
    status: 422,
    when: 'the data breaks its schema and a step that asks for valid data was about to use it',
    message: 'The data has {errors} anomalies that stop the pipeline. First: {first}',
    remedy: '{remedy} All of them are in {path}.',
  },
  SCHEMA_UNREADABLE: {
    status: 400,
    when: 'a curated schema file is missing, not JSON, or not a schema',
    message: 'The schema {path} cannot be used: {reason}',
    remedy:
      'Correct the file; docs/reference/data-schema.md lists the fields. Leaving out SchemaGen\'s "from" infers a fresh one to start from.',
  },
  DATA_EMPTY: {
    status: 422,
    when: 'statistics were asked for and there is no photo in any split',
    message: 'No photos in {path}: there is nothing to summarise.',
    remedy: 'Check the source of ExampleGen and its list of rejected files.',
  },
  ARTIFACT_FILE_INVALID: {
    status: 422,
    when: 'a file of an artifact is not what its kind of artifact holds',
    message: '{path} cannot be used: {reason}',
    remedy: 'Run the pipeline again: the step is repeated when its output does not hold.',
  },
});
