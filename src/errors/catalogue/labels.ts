import { defineErrors } from '../define-errors.ts';

export const labelErrors = defineErrors({
  LABEL_NAME_INVALID: {
    status: 400,
    when: 'the display name of a label cannot be shown in one line, or is too long',
    message: 'The display name {name} of label "{label}" is refused: {reason}.',
    remedy: 'Give a short name of letters that can be seen, or none to show the label itself.',
  },
  LABEL_NAMES_TOO_MANY: {
    status: 409,
    when: 'a project would have display names for too many labels',
    message: 'The project would have display names for {count} labels, and may have {most}.',
    remedy: 'Remove names of labels that are no longer used: mitate label name <label> --en "" --ja ""',
  },
  LABEL_NAMES_FILE_INVALID: {
    status: 400,
    when: 'a file of display names lacks the column of labels, or both languages',
    message: '{file}, line {line}: expected a label and at least one of the columns en and ja.',
    remedy: 'Give a CSV with the header label,en,ja and one label per line.',
  },
});
