import { defineErrors } from '../define-errors.ts';

/** Statistics, schema and anomalies. */
export const validationErrors = defineErrors({
  DATA_ANOMALIES: {
    status: 422,
    when: 'the data violates its schema and a step requires valid data',
    message: 'The data has {errors} blocking anomalies. First: {first}',
    remedy: '{remedy} All anomalies are listed in {path}.',
  },
  SCHEMA_UNREADABLE: {
    status: 400,
    when: 'a curated schema file is missing, not JSON, or not a schema',
    message: 'Cannot use the schema {path}: {reason}',
    remedy:
      'Correct the file; docs/reference/data-schema.md lists the fields. To infer a new schema, remove "from" from SchemaGen.',
  },
  DATA_EMPTY: {
    status: 422,
    when: 'no split has a photo when statistics are computed',
    message: '{path} contains no photos.',
    remedy: 'Check the source of ExampleGen and its list of rejected files.',
  },
  ARTIFACT_FILE_INVALID: {
    status: 422,
    when: 'a file of an artifact does not match its artifact type',
    message: 'Cannot use {path}: {reason}',
    remedy: 'Run the pipeline again: a step whose output is damaged runs again.',
  },
});
