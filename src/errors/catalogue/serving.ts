import { defineErrors } from '../define-errors.ts';

export const servingErrors = defineErrors({
  QUEUE_FULL: {
    status: 503,
    when: 'more photos are queued than the service can classify in time',
    message: 'The service is at capacity: {waiting} photos are queued, about {waitMs} ms of work.',
    remedy: 'Retry after {retryAfterS} s (see the header Retry-After).',
  },
  SERVICE_STARTING: {
    status: 503,
    when: 'a request arrives before the deployed models are loaded',
    message: 'The server is starting: its models are loading.',
    remedy: 'Retry after {retryAfterS} s; GET /readyz reports when the server is ready.',
  },
  SERVICE_DRAINING: {
    status: 503,
    when: 'a request arrives while the server shuts down',
    message: 'The server is shutting down.',
    remedy: 'Retry: another server, or this one after its restart, takes the request.',
  },
});
