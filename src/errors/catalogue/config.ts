import { defineErrors } from '../define-errors.ts';

export const configErrors = defineErrors({
  CONFIG_INVALID: {
    status: 400,
    when: 'a setting from a flag or the environment has a value that cannot be used',
    message: '{setting} is not valid: expected {expected}',
    remedy: 'Correct {setting}, or remove it to take the default. docs/reference/configuration.md lists all settings.',
  },
});
