import { defineErrors } from '../define-errors.ts';

export const requestLogErrors = defineErrors({
  JOURNAL_FAILED: {
    status: 503,
    when: 'a record cannot be made durable in the journal; the photo is then not answered',
    message: 'The request journal {path} cannot be written: {reason}',
    remedy: 'Free disk space or repair the volume under {path}; the server answers again as soon as a write succeeds.',
  },
  JOURNAL_INVALID: {
    status: 500,
    when: 'a folder or file under the journal is not of a journal that this version knows',
    message: 'The journal file {path} cannot be read: {reason}',
    remedy:
      'Start the Mitate version that wrote it and let it drain, or move the file away to go on without its records.',
  },
  ERASE_NOTHING_NAMED: {
    status: 400,
    when: 'neither or both of a photo and a request are named to be erased',
    message: 'Expected one photo or one request to erase.',
    remedy: 'Name --image (a file or its sha256) or --request (the id that the client got).',
  },
  ERASE_DURING_RUN: {
    status: 409,
    when: 'something is to be erased while a run may be reading it',
    message: 'Run {id} of {pipeline} is going.',
    remedy: 'Wait for it, or stop it with "mitate runs cancel {id}", then erase again.',
  },
  REQUEST_UNKNOWN: {
    status: 404,
    when: 'no logged request has that id',
    message: 'There is no logged request {id}.',
    remedy: '"mitate log list" shows the newest requests; those of an expired partition are in its Parquet file.',
  },
});
