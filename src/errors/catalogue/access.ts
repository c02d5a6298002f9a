import { defineErrors } from '../define-errors.ts';

export const accessErrors = defineErrors({
  ACCESS_KEY_MISSING: {
    status: 401,
    when: 'a request that needs authentication has no API key and no session',
    message: 'This request needs an API key or a signed-in user.',
    remedy: 'Send "Authorization: Bearer <key>" or "X-Api-Key: <key>". Create a key with "mitate key create".',
  },
  ACCESS_DENIED: {
    status: 403,
    when: 'a key or user lacks the permission that a route requires',
    message: '{who} lacks the permission "{permission}".',
    remedy: 'Use a key with a wider scope ("mitate key create --scope operate"), or ask an admin for a role.',
  },
  ACCESS_KEY_INVALID: {
    status: 401,
    when: 'a key does not belong to this server, or was revoked',
    message: 'The API key is unknown or was revoked.',
    remedy:
      'Send a key of this server, exactly as it was printed. "mitate key list" lists the active keys; "mitate key create" creates one.',
  },
  ACCESS_KEY_EXPIRED: {
    status: 401,
    when: 'a key is used after it expired',
    message: 'The API key {id} has expired.',
    remedy: 'Create a new one: mitate key create.',
  },
  ACCESS_NO_ROLE: {
    status: 403,
    when: 'a signed-in user accesses a project in which they have no role',
    message: '{user} has no role in project {project}.',
    remedy: 'Ask an admin of the project for a role, or select another project with the header X-Mitate-Project.',
  },
  ACCESS_CROSS_SITE: {
    status: 403,
    when: "a page of another site sends a change with a user's session cookie",
    message: 'Changes with a session cookie must come from a page of this server; this request came from {origin}.',
    remedy: 'Send an API key instead, or the session token as "Authorization: Bearer".',
  },
  SESSION_ENDED: {
    status: 401,
    when: 'a session is used after it expired or was signed out, or after its user was disabled',
    message: 'The session has ended.',
    remedy: 'Sign in again: POST /api/v1/sessions.',
  },
  SESSION_UNKNOWN: {
    status: 404,
    when: 'a user has no session with that id',
    message: 'User "{name}" has no session {id}.',
    remedy: 'List the sessions with "mitate user sessions {name}". It may have ended already.',
  },
  SIGN_IN_REFUSED: {
    status: 401,
    when: 'name and password do not match, or the user is disabled',
    message: 'Wrong name or password.',
    remedy: 'Try again. An admin can set a new password with "mitate user password <name>".',
  },
  SIGN_IN_LINK_USED: {
    status: 401,
    when: 'the sign-in link of "mitate up" is used a second time, too late, or from another machine',
    message: 'This sign-in link was used, is too old, or belongs to another machine.',
    remedy: 'Start "mitate up" again for a new one, or sign in with a key.',
  },
  SIGN_IN_CODE_NEEDED: {
    status: 401,
    when: 'name and password are right, and the user has a second factor whose code is missing',
    message: 'This user signs in with a second factor.',
    remedy: 'Send the code of the authenticator app as "code", with name and password.',
  },
  SIGN_IN_CODE_WRONG: {
    status: 401,
    when: 'the code of a second factor is wrong, too old, or was used before',
    message: 'The code is wrong, too old, or was used before.',
    remedy:
      'Send the next code that the app shows; its clock must be right to half a minute. Without the device, an admin of the server resets it: mitate user totp <name> disable',
  },
  TOTP_ON: {
    status: 409,
    when: 'a second factor is set up for a user who has one',
    message: 'User "{name}" has a second factor already.',
    remedy: 'Disable it first: mitate user totp {name} disable',
  },
  TOTP_OFF: {
    status: 409,
    when: 'a second factor is confirmed or disabled that was not set up',
    message: 'User "{name}" has no second factor to confirm or disable.',
    remedy: 'Set one up: POST /api/v1/users/{name}/totp, or mitate user totp {name} enable',
  },
  TOTP_KEY_WRONG: {
    status: 500,
    when: 'the secret of a second factor was sealed with another key than those that this process has',
    message: 'The second factor of user "{name}" does not open with the key of this workspace.',
    remedy:
      'Bring the key back: secret.key in the workspace, or MITATE_SECRET_KEY. If it is lost, reset the second factor: mitate user totp {name} disable',
  },
  SIGN_IN_BUSY: {
    status: 503,
    when: 'more passwords wait to be checked than the server checks in some seconds',
    message: 'Too many passwords are being checked at the moment.',
    remedy: 'Retry after {retryAfterS} s (see the header Retry-After).',
  },
  OIDC_OFF: {
    status: 404,
    when: 'somebody signs in at an identity provider on a server that has none',
    message: 'This server has no identity provider.',
    remedy:
      'Sign in with name and password: POST /api/v1/sessions. An operator sets MITATE_OIDC_ISSUER (docs/guides/sign-in.md).',
  },
  OIDC_NOT_BEGUN: {
    status: 400,
    when: 'a browser comes back from the identity provider without a sign-in that it began here in the last ten minutes, or comes back twice',
    message: 'This browser has no unfinished sign-in at the identity provider.',
    remedy: 'Start again: GET /api/v1/sessions/oidc. Allow cookies of this server.',
  },
  OIDC_UNREACHABLE: {
    status: 502,
    when: 'the identity provider does not answer, or answers with a status of 500 or more',
    message: 'The identity provider {issuer} cannot be reached: {reason}.',
    remedy:
      'Try again later. An operator checks MITATE_OIDC_ISSUER and the network between this server and the provider.',
  },
  OIDC_REFUSED: {
    status: 401,
    when: 'the identity provider refuses a sign-in, or its answer is not valid: wrong state, nonce, issuer, audience, time or signature',
    message: 'The sign-in at {issuer} failed: {reason}.',
    remedy:
      'Start again: GET /api/v1/sessions/oidc. If it fails again, an operator compares MITATE_OIDC_CLIENT_ID, MITATE_OIDC_CLIENT_SECRET, MITATE_PUBLIC_URL and both clocks with the provider.',
  },
  OIDC_NO_ROLE: {
    status: 403,
    when: 'a user of the identity provider has no group that gives a role in a project of this server',
    message: 'None of your groups at {issuer} has a role here.',
    remedy:
      'Ask for a group that MITATE_OIDC_ROLES names. An operator checks MITATE_OIDC_GROUPS_CLAIM, and that the projects exist.',
  },
  OIDC_DISABLED: {
    status: 403,
    when: 'a user who is disabled on this server signs in at the identity provider',
    message: 'User "{user}" is disabled on this server.',
    remedy: 'Ask an admin of the server: mitate user enable {user}',
  },
  USER_OF_PROVIDER: {
    status: 409,
    when: 'a password or second factor is set for a user who signs in at an identity provider',
    message: 'User "{name}" signs in at {provider}.',
    remedy: 'Change it there. To end the access here, use "mitate user disable {name}".',
  },
  ACCESS_NAME_INVALID: {
    status: 400,
    when: 'the name of a project, key, user, endpoint or experiment is not safe in a path, a header and a shell',
    message: 'Invalid {what} name "{name}": {reason}.',
    remedy: 'Use lower-case letters, digits, "-", "_" and ".", at most 64 characters.',
  },
  PROJECT_EXISTS: {
    status: 409,
    when: 'a project is created under a name that is taken',
    message: 'Project "{name}" already exists.',
    remedy: 'Use it (--project {name}), or choose another name.',
  },
  PROJECT_RUNS_WAITING: {
    status: 409,
    when: 'a project gives up its own worker while runs wait for it',
    message: "Runs of project {project} wait for the project's own worker.",
    remedy: 'Let that worker finish them, or cancel them: mitate runs queue cancel <id> --project {project}',
  },
  PROJECT_UNKNOWN: {
    status: 404,
    when: 'the named project does not exist',
    message: 'Project "{name}" does not exist.',
    remedy: 'List the projects with "mitate project list", or create it with "mitate project create {name}".',
  },
  KEY_UNKNOWN: {
    status: 404,
    when: 'the project has no key with that id or name',
    message: 'Project "{project}" has no key "{key}".',
    remedy: 'List the keys with "mitate key list".',
  },
  KEY_NAME_TAKEN: {
    status: 409,
    when: 'a key is created under the name of an active key',
    message: 'Project "{project}" already has an active key "{name}" ({id}).',
    remedy: 'Choose another name, such as "{name}-2", or revoke that key first with "mitate key revoke {id}".',
  },
  KEY_EXPIRY_PAST: {
    status: 400,
    when: 'a key is created with an expiry in the past',
    message: 'The expiry {expiresAt} is in the past.',
    remedy: 'Give a time in the future, for example --expires 90d.',
  },
  USER_EXISTS: {
    status: 409,
    when: 'a user is created under a name that is taken',
    message: 'User "{name}" already exists.',
    remedy: 'Give the user a role with "mitate user role {name} <role>", or choose another name.',
  },
  USER_UNKNOWN: {
    status: 404,
    when: 'the named user does not exist',
    message: 'User "{name}" does not exist.',
    remedy: 'List the users with "mitate user list", or create this one with "mitate user create {name}".',
  },
  USER_PASSWORD_WEAK: {
    status: 400,
    when: 'a password is too short, or too long to hash',
    message: 'A password must have 12 to 1,024 characters; got {length}.',
    remedy: 'Choose another password, for example four random words.',
  },
  PLACE_OUTSIDE: {
    status: 403,
    when: 'a folder, file or bucket that is named over HTTP is outside the data roots of the project',
    message: 'Project {project} may not use "{place}" over HTTP.',
    remedy:
      'Name a place inside the data roots of the project, or ask an operator to add it to MITATE_DATA_ROOTS of the server and the worker. Commands on the machine of the workspace are not limited.',
  },
});
