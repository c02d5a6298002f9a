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
});
