import { defineErrors } from '../define-errors.ts';

export const httpErrors = defineErrors({
  HTTP_ROUTE_UNKNOWN: {
    status: 404,
    when: 'nothing answers at the path of a request',
    message: 'Nothing answers at {method} {path}.',
    remedy: 'GET /api/v1/openapi.json lists every path; /api/v1/docs tries them.',
  },
  HTTP_METHOD_UNKNOWN: {
    status: 405,
    when: 'a path is asked with a method that it does not take',
    message: '{path} takes {allowed}, not {method}.',
    remedy: 'Send the request again as {allowed}.',
  },
  HTTP_REQUEST_INVALID: {
    status: 400,
    when: 'a path, query or body does not fit its schema',
    message: 'Request, {where}: {reason}',
    remedy: 'GET /api/v1/openapi.json has the schema of every request.',
  },
  HTTP_MALFORMED: {
    status: 400,
    when: 'what a client sends is not HTTP/1.1: bad framing, two lengths, a bad header',
    message: 'The request is not well-formed HTTP: {reason}',
    remedy: 'Send HTTP/1.1 with one Content-Length or one Transfer-Encoding.',
  },
  HTTP_HEADERS_TOO_LARGE: {
    status: 431,
    when: 'the headers of a request are longer than the server reads',
    message: 'The headers are longer than {limitBytes} bytes.',
    remedy: 'Send fewer or shorter headers; photos belong in the body.',
  },
  HTTP_BODY_TOO_LARGE: {
    status: 413,
    when: 'a body is longer than its route reads; said before it is read when the length is given',
    message: 'The body is longer than {limitBytes} bytes.',
    remedy: 'Send a smaller photo, or fewer at once.',
  },
  HTTP_BODY_TYPE_UNKNOWN: {
    status: 415,
    when: 'a body comes in a type that its route does not read',
    message: 'Content-Type "{type}" is not read here.',
    remedy:
      'Send application/json; predict routes also take image/jpeg, image/png, image/webp and multipart/form-data.',
  },
  HTTP_TOO_SLOW: {
    status: 408,
    when: 'a request does not arrive whole within its time',
    message: 'The request did not arrive whole within {limitMs} ms.',
    remedy: 'Send it again over a faster connection, or send a smaller photo.',
  },
  HTTP_RATE_LIMITED: {
    status: 429,
    when: 'a key sends more requests a minute than it may',
    message: 'More than {max} requests in {windowS} s.',
    remedy: 'Send the request again after {retryAfterS} s (the header Retry-After says so too).',
  },
  HTTP_HOST_REFUSED: {
    status: 403,
    when: 'a server without keys is asked under a name, or by a page, that is not of this machine',
    message: '{header} "{value}" is not of this machine, and this server runs with --no-auth.',
    remedy: 'Ask it as http://127.0.0.1:<port>, or start it with keys.',
  },
  HTTP_CURSOR_INVALID: {
    status: 400,
    when: 'the cursor of a list is not one that the list gave',
    message: 'The cursor "{cursor}" is not one that this list gave.',
    remedy: 'Send nextCursor of the page before, or none for the first page.',
  },
  SERVER_UNREACHABLE: {
    status: 503,
    when: 'a command is to go through a server that does not answer',
    message: 'The server at {url} does not answer: {reason}',
    remedy: 'Check the address, and that "mitate serve" runs there; one that is stopping is gone in a moment.',
  },
  SERVER_ADDRESS_TAKEN: {
    status: 409,
    when: 'the server is to listen on an address that another process has',
    message: 'Cannot listen on {host}:{port}: {reason}',
    remedy: 'Choose another port with --port, or stop what listens there.',
  },
  SERVER_OPEN_TO_ALL: {
    status: 400,
    when: '--no-auth is asked for on an address that other machines reach',
    message: '--no-auth answers anyone, and {host} is reached by other machines.',
    remedy: 'Leave out --no-auth, or listen on this machine only: --host 127.0.0.1',
  },
});
