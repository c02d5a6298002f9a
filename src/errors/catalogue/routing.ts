import { defineErrors } from '../define-errors.ts';

export const routingErrors = defineErrors({
  ENDPOINT_UNKNOWN: {
    status: 404,
    when: 'the project has no such endpoint',
    message: 'Endpoint "{endpoint}" does not exist in this project.',
    remedy: 'List the endpoints with "mitate endpoint list", or create it with "mitate endpoint create {endpoint}".',
  },
  ENDPOINT_NOT_NAMED: {
    status: 409,
    when: 'a request names no endpoint, and the project does not have exactly one',
    message: 'The request names no endpoint, and project {project} has {count}: {names}.',
    remedy: 'Add the endpoint to the path, or start the server with --default-endpoint <name>.',
  },
  ENDPOINT_NOT_READY: {
    status: 503,
    when: 'an endpoint has no deployment that is loaded and passed its warm-up',
    message: 'Endpoint {endpoint} has no deployment that is ready: {reason}',
    remedy: 'See its timeline with "mitate endpoint show {endpoint}", and deploy a version that loads.',
  },
  DEPLOYMENT_NOT_READY: {
    status: 409,
    when: 'someone tries to deploy a model version that cannot be loaded or fails its warm-up requests',
    message: '{model} is not ready to serve: {reason} Nothing was changed.',
    remedy: 'Run "mitate model validate {model}", and deploy a version that passes.',
  },
  MODEL_UNAVAILABLE: {
    status: 503,
    when: 'a model that was unloaded while idle cannot be loaded again',
    message: 'The idle model {model} was unloaded and cannot be loaded again: {reason}',
    remedy: 'Restore its files, or deploy another version.',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 422,
    when: 'an idempotency key is reused with another body',
    message: 'Idempotency-Key "{key}" was already used with another request body.',
    remedy: 'Send a new key with each new request; send the same key only to repeat one.',
  },
  REQUEST_DEADLINE_EXCEEDED: {
    status: 504,
    when: 'a photo is not classified within the deadline of its endpoint, counted from its arrival',
    message: '{subject}: no result within {deadlineMs} ms of its arrival.',
    remedy: 'Retry. If it recurs, send fewer photos at once, or raise the deadline with "mitate endpoint set".',
  },
  LABEL_UNKNOWN: {
    status: 400,
    when: 'a heat map is requested for a label that the model lacks',
    message: 'Model {model} has no label "{label}". Its labels: {labels}.',
    remedy: 'Use one of its labels, or omit the label to use the predicted one.',
  },
});
