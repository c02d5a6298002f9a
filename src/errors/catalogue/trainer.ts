import { defineErrors } from '../define-errors.ts';

export const trainerErrors = defineErrors({
  TRAINING_DIVERGED: {
    status: 422,
    when: 'the training loss became NaN or infinite',
    message: 'Training diverged at epoch {epoch}, step {step}: the loss is {loss}. Likely cause: {cause}.',
    remedy: '{advice}',
  },
  TRAINING_LABELS_TOO_FEW: {
    status: 422,
    when: 'the train split has fewer than two labels, or a question has no positive or no negative label',
    message: 'Trainer: {reason} The train split has the labels {labels}.',
    remedy:
      'Give photos of at least two labels; for a question, correct its negative pattern so that it matches some labels but not all.',
  },
  TRAINING_VIEW_MISSING: {
    status: 422,
    when: 'a test view was asked for that Transform did not embed',
    message: 'Trainer: the test view "{view}" is not among the embedded views ({views}).',
    remedy: 'Add "{view}" to the views of Transform, or take it out of the Trainer\'s testViews.',
  },
  TRAINING_EMBEDDING_INVALID: {
    status: 422,
    when: 'an embedding holds NaN or an infinite number',
    message: 'Trainer: photo {row} of the embeddings holds a number that is not finite.',
    remedy:
      'The backbone gave a broken answer. Check the backbone file (its sha256 and its preprocessing), clear the embedding cache with "mitate gc", and run again.',
  },
  TUNING_NO_EVAL_SPLIT: {
    status: 422,
    when: 'the Tuner has no eval photos on which its finding could be compared with the default',
    message: 'Tuner: the eval split has no photos whose label is in the train split.',
    remedy: 'Give ExampleGen a share for the eval split, for example 8 parts train, 1 part eval, 1 part test.',
  },
  TRAINING_PROCESS_ENDED: {
    status: 500,
    when: 'a process that trains a part of a head ended before it answered',
    message: 'Training: expected an answer from a training process, it ended ({reason}).',
    remedy: 'If the machine ran out of memory, run with one process (--processes 1); then run the pipeline again.',
  },
});
