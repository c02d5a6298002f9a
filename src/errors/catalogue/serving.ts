import { defineErrors } from '../define-errors.ts';

export const servingErrors = defineErrors({
  QUEUE_FULL: {
    status: 503,
    when: 'more photos wait than the service can answer in time',
    message: 'The service is at capacity: {waiting} photos wait, about {waitMs} ms of work.',
    remedy: 'Send the request again after {retryAfterS} s (the header Retry-After says so too).',
  },
  SERVICE_STARTING: {
    status: 503,
    when: 'a request arrives before the deployed models were loaded',
    message: 'The server is starting: its models are being loaded.',
    remedy: 'Send the request again after {retryAfterS} s; GET /readyz tells when photos are answered.',
  },
  SERVICE_DRAINING: {
    status: 503,
    when: 'a request arrives while the server shuts down',
    message: 'The server is shutting down.',
    remedy: 'Send the request again; another server, or this one after its restart, answers it.',
  },
});
