import { defineErrors } from '../define-errors.ts';

export const feedbackErrors = defineErrors({
  FEEDBACK_REQUEST_UNKNOWN: {
    status: 404,
    when: 'feedback refers to an unknown prediction',
    message: 'No prediction has the id {name}.',
    remedy:
      'Send the "id" of a prediction response. A prediction is available about a second after its response; expired months of the request log accept no feedback.',
  },
  FEEDBACK_PHOTO_UNNAMED: {
    status: 409,
    when: 'feedback refers to an HTTP request with several photos without saying which',
    message: 'Request {name} contains several photos.',
    remedy: 'Send the "id" of one prediction, or the index of the photo as "instance", from 0.',
  },
  FEEDBACK_PHOTO_OTHER: {
    status: 409,
    when: 'a feedback link is created with a photo that is not the one of the prediction',
    message: 'This is not the photo of prediction {name}: its bytes differ from those that were sent.',
    remedy: 'Send the file that was classified, unchanged; or create the link without a photo.',
  },
  FEEDBACK_LABEL_UNKNOWN: {
    status: 422,
    when: 'the model that made the prediction lacks the given label',
    message: 'Model {model} has no label "{label}". Its labels: {known}.',
    remedy:
      'Send one of its labels, or add "newClass": true if the photo shows something the model was not trained on.',
  },
  FEEDBACK_VERDICT_UNCLEAR: {
    status: 422,
    when: 'a verdict is given on a prediction that is "uncertain" or failed',
    message: 'Prediction {name} is {answer}: it is neither right nor wrong.',
    remedy: 'Send the true label instead.',
  },
  FEEDBACK_KEY_REUSED: {
    status: 409,
    when: 'an idempotency key is reused with other feedback',
    message: 'Idempotency key "{key}" was already used for other feedback.',
    remedy: 'Use a new key for each feedback; send the same key only to repeat it.',
  },
  FEEDBACK_TOO_MUCH: {
    status: 409,
    when: 'a photo has as much feedback as one photo may have',
    message: 'Prediction {request} has {max} entries of feedback, the most that one may have.',
    remedy: 'Stop sending feedback on this photo; a newer entry of the same source counts instead of the older ones.',
  },
  FEEDBACK_CSV_INVALID: {
    status: 422,
    when: 'a file of feedback cannot be read, or its CSV header lacks a column',
    message: '{path}: {reason}',
    remedy:
      'Write UTF-8 with a header line: request_id and at least one of label, verdict, event (with value and currency), outcome; then one photo per line. Or JSON Lines with the same names.',
  },
  FEEDBACK_ROW_INVALID: {
    status: 422,
    when: 'a row of a file of feedback has no feedback, or more than one kind',
    message: 'Line {line}: {reason}',
    remedy:
      'Give exactly one of label, verdict (right, wrong), event or outcome (helped, unchanged, worse) per row; a currency is a code of ISO 4217, such as EUR, beside a value.',
  },
  FEEDBACK_PHOTO_NEEDED: {
    status: 409,
    when: 'a prediction is shared by a link, and its photo is not stored',
    message: 'Prediction {name} cannot be shared: its photo is not stored.',
    remedy:
      'Give the photo that was sent: "mitate feedback link {name} --ask nothing --photo <file>", or `photo` over HTTP.',
  },
  FEEDBACK_LINK_INVALID: {
    status: 403,
    when: 'a signed link was altered, was created in another workspace, or is for another page',
    message: 'This link is not valid.',
    remedy: 'Open the complete link, exactly as you received it.',
  },
  FEEDBACK_LINK_EXPIRED: {
    status: 410,
    when: 'a feedback link is used after it expired',
    message: 'This link expired at {until}.',
    remedy: 'Create a new one: mitate feedback link <id>',
  },
  FEEDBACK_LINK_REVOKED: {
    status: 410,
    when: 'a feedback link is used after it was revoked',
    message: 'This link was revoked.',
    remedy: 'Create a new one: mitate feedback link <id>',
  },
  REVIEW_ITEM_UNKNOWN: {
    status: 404,
    when: 'a photo is not in the review queue',
    message: 'Photo {name} is not in the review queue.',
    remedy: 'List the queue with "mitate review list"; label other photos with "mitate feedback add".',
  },
  REVIEW_NOTHING_TO_UNDO: {
    status: 409,
    when: 'a label or a skip is taken back, and the caller neither labelled nor skipped the photo',
    message: 'Photo {name} has no label of yours, and was not skipped.',
    remedy: 'Only your own newest label can be taken back. A label of others is decided by "mitate review adjudicate".',
  },
  REVIEW_PHOTO_GONE: {
    status: 410,
    when: 'the photo of a request was not stored, or is no longer stored',
    message: 'The photo of {name} is not stored.',
    remedy:
      'Endpoints store a share of their photos for some days. To store more: mitate endpoint set <name> --images all --keep-images 30d',
  },
});
