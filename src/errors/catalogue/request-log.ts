import { defineErrors } from '../define-errors.ts';

export const requestLogErrors = defineErrors({
  JOURNAL_FAILED: {
    status: 503,
    when: 'a record cannot be written durably to the journal; the prediction is then not returned',
    message: 'Cannot write the request journal {path}: {reason}',
    remedy: 'Free disk space or repair the volume of {path}; the server resumes as soon as a write succeeds.',
  },
  JOURNAL_INVALID: {
    status: 500,
    when: 'a folder or file of the journal has a format that this version does not know',
    message: 'Cannot read the journal file {path}: {reason}',
    remedy:
      'Start the Mitate version that wrote it and let it drain, or move the file away to continue without its records.',
  },
  ERASE_NOTHING_NAMED: {
    status: 400,
    when: 'an erasure names neither a photo nor a request, or both',
    message: 'Expected one photo or one request to erase.',
    remedy: 'Give either --photo (a file or its sha256) or --request (the id in the response).',
  },
  ERASE_DURING_RUN: {
    status: 409,
    when: 'an erasure is requested while a run may be reading the data',
    message: 'Cannot erase while run {id} of {pipeline} is active.',
    remedy: 'Wait for it or cancel it ("mitate runs cancel {id}"), then erase again.',
  },
  SUBJECT_UNKNOWN: {
    status: 404,
    when: 'no logged prediction names the subject',
    message: 'No prediction of project {project} names the subject "{subject}".',
    remedy:
      'Send the photos with a subject (JSON or form field "subject", or header X-Mitate-Subject). A prediction is in the log shortly after its response.',
  },
  REQUEST_UNKNOWN: {
    status: 404,
    when: 'no logged request has that id',
    message: 'No logged request has the id {id}.',
    remedy: 'List the newest requests with "mitate log list"; requests of expired months are in Parquet files.',
  },
});
