import { defineErrors } from '../define-errors.ts';

export const feedbackErrors = defineErrors({
  FEEDBACK_REQUEST_UNKNOWN: {
    status: 404,
    when: 'feedback names a photo that no client got an answer to',
    message: 'There is no answered photo {name}.',
    remedy:
      'Send the "id" of a prediction as its answer carried it. An answer of this moment is there a second later; months that left the log take no feedback.',
  },
  FEEDBACK_PHOTO_UNNAMED: {
    status: 409,
    when: 'feedback names an HTTP request that answered several photos, and not which of them',
    message: 'Request {name} answered several photos.',
    remedy: 'Send the "id" of one prediction, or the place of the photo as "instance", from 0.',
  },
  FEEDBACK_LABEL_UNKNOWN: {
    status: 422,
    when: 'a label is none of the model that answered',
    message: 'The model {model} does not know the label "{label}"; it knows {known}.',
    remedy: 'Send one of its labels, or "newClass": true when the photo shows something that the model was not taught.',
  },
  FEEDBACK_VERDICT_UNCLEAR: {
    status: 422,
    when: 'an answer is called right or wrong that was "uncertain" or failed',
    message: 'Photo {name} was answered "{answer}": that is neither right nor wrong.',
    remedy: 'Send what the photo shows, as a label.',
  },
  FEEDBACK_KEY_REUSED: {
    status: 409,
    when: 'an idempotency key comes again with other feedback',
    message: 'Idempotency key "{key}" was used for other feedback.',
    remedy: 'Use a new key for each thing that is said; the same key only to repeat it.',
  },
  FEEDBACK_CSV_INVALID: {
    status: 422,
    when: 'a CSV file of feedback cannot be read, or lacks a column',
    message: '{path}: {reason}',
    remedy:
      'Write a header line with request_id and one or more of label, verdict, event (with value), then one photo a line, in UTF-8.',
  },
  FEEDBACK_ROW_INVALID: {
    status: 422,
    when: 'a row of a CSV file of feedback says nothing, or several things at once',
    message: 'Line {line}: {reason}',
    remedy: 'Say one of label, verdict (right, wrong) or event in a row; a second thing goes into a row of its own.',
  },
  FEEDBACK_LINK_INVALID: {
    status: 403,
    when: 'a feedback link was changed, or was made for another workspace',
    message: 'This link is not one that was given out here.',
    remedy: 'Open the link as it was sent, whole.',
  },
  FEEDBACK_LINK_EXPIRED: {
    status: 410,
    when: 'a feedback link is used after its time',
    message: 'This link was good until {until}.',
    remedy: 'Ask for a new one ("mitate feedback link <id>").',
  },
  REVIEW_ITEM_UNKNOWN: {
    status: 404,
    when: 'a photo does not wait in the review queue',
    message: 'Photo {name} does not wait for a label.',
    remedy: '"mitate queue list" shows those that do; anything else is labelled with "mitate feedback add".',
  },
  REVIEW_PHOTO_GONE: {
    status: 410,
    when: 'the photo of a request is not kept (any more)',
    message: 'The photo of {name} is not kept.',
    remedy:
      'Endpoints keep a share of their photos for some days: "mitate endpoint set <name> --images all --image-days 30".',
  },
});
