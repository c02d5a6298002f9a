import { defineErrors } from '../define-errors.ts';

export const secretErrors = defineErrors({
  SECRET_NAME_INVALID: {
    status: 400,
    when: 'a secret is set under a name that nothing reads',
    message: 'Nothing reads a secret named "{name}".',
    remedy: 'Name it MITATE_CHANNEL_... with A-Z, 0-9 and "_", as a channel does, or MITATE_RELEASE_SECRET.',
  },
  SECRET_VALUE_INVALID: {
    status: 400,
    when: 'the value of a secret is empty, too short or too long',
    message: 'The value of the secret {name} was not taken: {reason}.',
    remedy: 'Give the value at the prompt or on standard input: mitate secret set {name} < file',
  },
  SECRET_UNKNOWN: {
    status: 404,
    when: 'no secret of the project has that name',
    message: 'Project "{project}" has no secret {name}.',
    remedy: 'List the secrets with "mitate secret list".',
  },
  SECRET_KEY_WRONG: {
    status: 500,
    when: 'a stored secret was sealed with another key than those that this process has',
    message: 'The secret {name} does not open with the key of this workspace.',
    remedy:
      'Bring the key back with which it was set: secret.key in the workspace, or MITATE_SECRET_KEY. If it is lost, remove the secrets that it sealed ("mitate secret remove {name}") and set them again.',
  },
  SECRET_KEY_DAMAGED: {
    status: 500,
    when: 'the key file of the workspace does not contain keys',
    message: '{path} does not contain a key of 32 bytes in base64.',
    remedy: 'Bring back your copy of the file. If it is lost, remove the file and all secrets, and set them again.',
  },
});
