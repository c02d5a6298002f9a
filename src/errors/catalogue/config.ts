import { defineErrors } from '../define-errors.ts';

export const configErrors = defineErrors({
  CONFIG_INVALID: {
    status: 400,
    when: 'a flag or environment variable has an invalid value',
    message: '{setting} is not valid: expected {expected}',
    remedy: 'Correct {setting}, or remove it to use the default. docs/reference/configuration.md lists all settings.',
  },
});
