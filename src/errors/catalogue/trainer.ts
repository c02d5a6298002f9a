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
    message: 'Trainer: {reason} Labels in the train split: {labels}.',
    remedy:
      'Add photos of at least two labels. For a question, correct its negative pattern so that it matches some labels but not all.',
  },
  TRAINING_PROMISE_PHOTOS_TOO_FEW: {
    status: 422,
    when: 'a sensitivity, specificity or coverage is promised that so few calibration photos cannot show',
    message:
      'Trainer: {what} cannot be promised with {photos} {kind}photos for calibration; it takes at least {fewest}.',
    remedy:
      'Promise less, add photos, or give ExampleGen a larger share for the eval split: half of it calibrates, or the train split when it has fewer than 40 photos.',
  },
  TRAINING_THRESHOLD_WITHOUT_QUESTION: {
    status: 422,
    when: 'a threshold by sensitivity, specificity or cost is given to a Trainer whose task is no question',
    message: 'Trainer: the threshold rule "{rule}" is for a yes-or-no question, and the task has none.',
    remedy: 'Give the Trainer a task: question(...), or remove its threshold.',
  },
  TRAINING_INT8_REFUSED: {
    status: 422,
    when: "the Trainer's export is int8, and the int8 model is not near enough to the float32 one",
    message: 'Trainer: the int8 model is not served: {reason}.',
    remedy:
      "Set the Trainer's `export` to `auto` or `float32`, use another backbone, or give ExampleGen a share for the eval split.",
  },
  TRAINING_VIEW_MISSING: {
    status: 422,
    when: 'a test view was not embedded by Transform',
    message: 'Trainer: test view "{view}" is not among the embedded views ({views}).',
    remedy: 'Add "{view}" to the views of Transform, or remove it from the Trainer\'s testViews.',
  },
  TRAINING_OTHER_TRANSFORM: {
    status: 422,
    when: 'the Trainer gets hyperparameters that the Tuner chose together with other embeddings',
    message: 'Trainer: the hyperparameters were chosen for other embeddings than those of {backbone}.',
    remedy: "Wire the Tuner's output transformGraph to the Trainer.",
  },
  TRAINING_EMBEDDING_INVALID: {
    status: 422,
    when: 'an embedding contains NaN or an infinite number',
    message: 'Trainer: the embedding of photo {row} contains a number that is not finite.',
    remedy:
      'Check the backbone file (its sha256 and preprocessing), clear the embedding cache with "mitate gc", and run again.',
  },
  TUNING_NO_EVAL_SPLIT: {
    status: 422,
    when: 'the Tuner has no eval photos to compare its result with the default',
    message: 'Tuner: the eval split has no photos whose label is in the train split.',
    remedy: 'Give ExampleGen a share for the eval split, for example 8 parts train, 1 part eval, 1 part test.',
  },
  TRAINING_PROCESS_ENDED: {
    status: 500,
    when: 'a training process ends without a result',
    message: 'Training: a training process ended without a result ({reason}).',
    remedy: 'If the machine ran out of memory, use one process (--processes 1). Then run the pipeline again.',
  },
});
