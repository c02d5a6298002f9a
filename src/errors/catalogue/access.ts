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
    remedy:
      'Send a key of this server as it was printed; "mitate key list" shows which live, "mitate key create" makes one.',
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
  ACCESS_NAME_INVALID: {
    status: 400,
    when: 'a name of a project, key, person or endpoint is not safe in a path, a header and a shell',
    message: 'The {what} "{name}" is no name: {reason}.',
    remedy: 'Choose a name of lower-case letters, digits, "-", "_" and ".", at most 64 characters.',
  },
  PROJECT_EXISTS: {
    status: 409,
    when: 'a project is to be made under a name that is taken',
    message: 'There is already a project "{name}".',
    remedy: 'Use it (--project {name}), or choose another name.',
  },
  PROJECT_UNKNOWN: {
    status: 404,
    when: 'a project is named that nobody made',
    message: 'There is no project "{name}".',
    remedy: '"mitate project list" lists the projects, "mitate project create {name}" makes this one.',
  },
  KEY_UNKNOWN: {
    status: 404,
    when: 'no key of the project has that id or name',
    message: 'Project "{project}" has no key "{key}".',
    remedy: '"mitate key list" lists the keys.',
  },
  KEY_EXPIRY_PAST: {
    status: 400,
    when: 'a key is to be made that has already expired',
    message: 'A key that expires at {expiresAt} would never work.',
    remedy: 'Give a time to come, for example --expires 90d.',
  },
  USER_EXISTS: {
    status: 409,
    when: 'a person is to be added under a name that is taken',
    message: 'There is already a person "{name}".',
    remedy: 'Give that person a role with "mitate user role {name} <role>", or choose another name.',
  },
  USER_UNKNOWN: {
    status: 404,
    when: 'a person is named whom nobody added',
    message: 'There is no person "{name}".',
    remedy: '"mitate user list" lists the people, "mitate user create {name}" adds this one.',
  },
  USER_PASSWORD_WEAK: {
    status: 400,
    when: 'a password is too short, or too long to hash',
    message: 'A password has 12 to 1,024 characters; this one has {length}.',
    remedy: 'Choose a longer one, for example four words in a row.',
  },
});
