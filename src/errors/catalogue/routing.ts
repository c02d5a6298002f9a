import { defineErrors } from '../define-errors.ts';

export const routingErrors = defineErrors({
  ENDPOINT_UNKNOWN: {
    status: 404,
    when: 'an endpoint is named that the project does not have',
    message: 'There is no endpoint "{endpoint}" in this project.',
    remedy: 'See "mitate endpoint list"; "mitate endpoint create {endpoint}" makes it.',
  },
  ENDPOINT_NOT_NAMED: {
    status: 409,
    when: 'a request names no endpoint, and there is not exactly one to take',
    message: 'The request names no endpoint, and project {project} has {count}: {names}.',
    remedy: 'Name one in the path, or start the server with --default-endpoint <name>.',
  },
  ENDPOINT_NOT_READY: {
    status: 503,
    when: 'an endpoint is asked that has no deployment that is loaded and answers right',
    message: 'Endpoint {endpoint} has no deployment that is ready: {reason}',
    remedy: 'See "mitate endpoint show {endpoint}": its timeline says what was refused. Deploy a version that loads.',
  },
  DEPLOYMENT_NOT_READY: {
    status: 409,
    when: 'an endpoint is to be given to a model version that cannot be loaded or answers its warm-up requests wrong',
    message: 'Nothing was changed: {model} is not ready to serve: {reason}',
    remedy: 'Run "mitate model validate {model}", and deploy a version that passes.',
  },
  MODEL_UNAVAILABLE: {
    status: 503,
    when: 'a model that was unloaded for lack of use cannot be loaded again',
    message: 'Model {model} was unloaded for lack of use and cannot be loaded again: {reason}',
    remedy: 'Restore its files, or deploy another version.',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 422,
    when: 'an idempotency key comes again with another body',
    message: 'Idempotency-Key "{key}" was used for another request body.',
    remedy: 'Send a new key with each new request; the same key only to repeat one.',
  },
  REQUEST_DEADLINE_EXCEEDED: {
    status: 504,
    when: 'a photo is not answered within the deadline of its endpoint, counted from its arrival',
    message: '{subject}: no answer within {deadlineMs} ms of its arrival.',
    remedy: 'Send it again; if it recurs, send fewer at once, or raise the deadline: "mitate endpoint set".',
  },
  LABEL_UNKNOWN: {
    status: 400,
    when: 'a heat map is asked for a label that the model does not have',
    message: 'Model {model} has no label "{label}"; it has: {labels}.',
    remedy: 'Ask for one of its labels, or leave the label out for that of the answer.',
  },
});
