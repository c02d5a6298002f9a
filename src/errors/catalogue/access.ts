import { defineErrors } from '../define-errors.ts';

export const accessErrors = defineErrors({
  ACCESS_KEY_MISSING: {
    status: 401,
    when: 'a request that needs a key brings none',
    message: 'This needs an API key or a signed-in person.',
    remedy: 'Send "Authorization: Bearer <key>" or "X-Api-Key: <key>"; "mitate key create" makes one.',
  },
  ACCESS_DENIED: {
    status: 403,
    when: 'a key or person lacks the permission that a route asks for',
    message: '{who} lacks the permission "{permission}".',
    remedy: 'Use a key with a wider scope ("mitate key create --scope operate"), or ask an admin for a role.',
  },
  ACCESS_KEY_INVALID: {
    status: 401,
    when: 'a key is not one of this server, or was revoked',
    message: 'The API key is not valid here.',
    remedy: 'Send a key of this server as it was printed; "mitate key list" shows which live, "mitate key create" makes one.',
  },
  ACCESS_KEY_EXPIRED: {
    status: 401,
    when: 'a key is used after its expiry',
    message: 'The API key {id} has expired.',
    remedy: 'Make a new one: mitate key create.',
  },
  ACCESS_NO_ROLE: {
    status: 403,
    when: 'a signed-in person asks for a project in which they have no role',
    message: '{user} has no role in project {project}.',
    remedy: 'Ask an admin of the project for a role, or name another in the header X-Mitate-Project.',
  },
  ACCESS_CROSS_SITE: {
    status: 403,
    when: 'a page of another site sends a change with the cookie of a signed-in person',
    message: 'A change with a session cookie has to come from a page of this server; this one came from {origin}.',
    remedy: 'Send an API key instead, or the session token as "Authorization: Bearer".',
  },
  SESSION_ENDED: {
    status: 401,
    when: 'a session is used after it expired, was signed out, or its person was disabled',
    message: 'The session has ended.',
    remedy: 'Sign in again: POST /api/v1/sessions.',
  },
  SIGN_IN_REFUSED: {
    status: 401,
    when: 'name and password do not belong together, or the person is disabled',
    message: 'Name or password is not right.',
    remedy: 'Try again; an admin can set a new password with "mitate user".',
  },
});
