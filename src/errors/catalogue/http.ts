import { defineErrors } from '../define-errors.ts';

export const httpErrors = defineErrors({
  HTTP_ROUTE_UNKNOWN: {
    status: 404,
    when: 'no route matches the path of a request',
    message: 'No route matches {method} {path}.',
    remedy: 'GET /api/v1/openapi.json lists all routes; /api/v1/docs has interactive documentation.',
  },
  HTTP_METHOD_UNKNOWN: {
    status: 405,
    when: 'a path does not support the method of a request',
    message: '{path} supports {allowed}, not {method}.',
    remedy: 'Send the request with the method {allowed}.',
  },
  HTTP_REQUEST_INVALID: {
    status: 400,
    when: 'a path, query or body does not match its schema',
    message: 'Invalid request, {where}: {reason}',
    remedy: 'Correct the request; GET /api/v1/openapi.json has every schema.',
  },
  HTTP_MALFORMED: {
    status: 400,
    when: 'a request is not HTTP/1.1: bad framing, two lengths, a bad header',
    message: 'The request is not valid HTTP: {reason}',
    remedy: 'Send HTTP/1.1 with one Content-Length or one Transfer-Encoding.',
  },
  HTTP_HEADERS_TOO_LARGE: {
    status: 431,
    when: 'the headers of a request exceed the limit',
    message: 'The headers are larger than {limitBytes} bytes.',
    remedy: 'Send fewer or shorter headers; send photos in the body.',
  },
  HTTP_BODY_TOO_LARGE: {
    status: 413,
    when: 'a body exceeds the limit of its route; checked before reading if the length is given',
    message: 'The body is larger than {limitBytes} bytes.',
    remedy: 'Send smaller photos, or fewer per request.',
  },
  HTTP_BODY_TYPE_UNKNOWN: {
    status: 415,
    when: 'a route does not support the content type of a body',
    message: 'Content-Type "{type}" is not supported here.',
    remedy:
      'Send application/json; predict routes also accept image/jpeg, image/png, image/webp and multipart/form-data.',
  },
  HTTP_TOO_SLOW: {
    status: 408,
    when: 'a request does not arrive completely in time',
    message: 'The request did not arrive completely within {limitMs} ms.',
    remedy: 'Send it again over a faster connection, or send a smaller photo.',
  },
  HTTP_RATE_LIMITED: {
    status: 429,
    when: 'a key exceeds its rate limit',
    message: 'More than {max} requests in {windowS} s.',
    remedy: 'Retry after {retryAfterS} s (see the header Retry-After).',
  },
  EVENTS_TOO_MANY_STREAMS: {
    status: 429,
    when: 'a key or user opens more streams of events than one may have at once',
    message: '{max} streams of events are open already.',
    remedy: 'Close one of them: a stream tells every topic, so one is enough for a program or a browser tab.',
  },
  HTTP_HOST_REFUSED: {
    status: 403,
    when: 'a server without keys is accessed under a host name or origin other than this machine',
    message: '{header} "{value}" is not this machine, and this server runs with --no-auth.',
    remedy: 'Use http://127.0.0.1:<port>, or start the server with authentication.',
  },
  HTTP_CURSOR_INVALID: {
    status: 400,
    when: 'a list is requested with a cursor that it did not return',
    message: 'The cursor "{cursor}" is not valid for this list.',
    remedy: 'Send the nextCursor of the previous page, or no cursor for the first page.',
  },
  SERVER_BUSY: {
    status: 503,
    when: 'too many requests wait for work that a server does in child processes, a few at a time',
    message: '{waiting} requests of this kind already wait.',
    remedy: 'Retry after {retryAfterS} s (see the header Retry-After), fewer at a time.',
  },
  SERVER_UNREACHABLE: {
    status: 503,
    when: 'a command uses a server that does not respond',
    message: 'The server at {url} does not respond: {reason}',
    remedy: 'Check the URL, and that "mitate serve" is running there. If the server is stopping, retry in a moment.',
  },
  SERVER_ADDRESS_TAKEN: {
    status: 409,
    when: 'the server cannot listen on the given address',
    message: 'Cannot listen on {host}:{port}: {reason}',
    remedy: 'Choose another port with --port, or stop the process that uses it.',
  },
  STATIC_FOLDER_MISSING: {
    status: 400,
    when: 'the folder of --static does not exist, or is a file',
    message: 'There is no folder {folder}.',
    remedy: 'Build the page first, and give the folder that has its index.html.',
  },
  SERVER_OPEN_TO_ALL: {
    status: 400,
    when: '--no-auth is used on an address that other machines can reach',
    message: '--no-auth allows anyone, and other machines can reach {host}.',
    remedy: 'Remove --no-auth, or listen on this machine only: --host 127.0.0.1',
  },
});
