import { defineErrors } from '../define-errors.ts';

/** InfraValidator's refusals, Pusher and BulkInferrer. */
export const pushingErrors = defineErrors({
  INFRA_FILE_MISSING: {
    status: 422,
    when: 'a file that the model needs is not in its folder',
    message: 'The model lacks {file}: {reason}',
    remedy: 'Train and export the model again; do not move single files out of a model folder.',
  },
  INFRA_SIGNATURE_INVALID: {
    status: 422,
    when: "the model's signature.json is not a signature",
    message: 'signature.json is not valid: {reason}',
    remedy: 'Export the model again with this version of Mitate.',
  },
  INFRA_DIGEST_MISMATCH: {
    status: 422,
    when: 'a file of the model has other bytes than its signature says',
    message: '{file} has sha256 {got}, and signature.json says {expected}: the file was changed or damaged.',
    remedy: 'Copy the model again from where it was trained, or train it again. Never edit an exported file.',
  },
  INFRA_BOOT_FAILED: {
    status: 422,
    when: 'the fresh process could not load the model, or died',
    message: 'A fresh process could not boot the model: {reason}',
    remedy: 'Check that the file is an ONNX model this version of ONNX Runtime takes, then export it again.',
  },
  INFRA_BOOT_TIMEOUT: {
    status: 422,
    when: 'the fresh process did not answer in time',
    message: 'No answer from the fresh process within {timeoutMs} ms.',
    remedy: 'Look for an endless loop or a far too large model; or raise bootTimeoutMs.',
  },
  INFRA_SHAPE_WRONG: {
    status: 422,
    when: 'inputs or outputs of the model are not those of its signature',
    message: '{tensor}: expected {expected}, got {got}.',
    remedy: 'Export the model again; the graph and signature.json must come from one export.',
  },
  INFRA_LABELS_MISMATCH: {
    status: 422,
    when: 'the signature names another number of labels than the model answers with',
    message: 'signature.json names {expected} labels, and the model answers with {got} probabilities.',
    remedy: 'Export the model again; labels and head must come from one training.',
  },
  INFRA_ANSWER_NOT_FINITE: {
    status: 422,
    when: 'an answer holds NaN or an infinite number',
    message: '{output} of request {request} holds {got}.',
    remedy: 'Look at the training log for a diverging loss; train again with a lower learning rate.',
  },
  INFRA_PROBABILITIES_INVALID: {
    status: 422,
    when: 'probabilities are outside 0..1 or do not add up to 1',
    message: 'Probabilities of request {request} add up to {got}, and lie between {low} and {high}.',
    remedy: 'Export the model again; the graph must end in a softmax.',
  },
  INFRA_WARMUP_INVALID: {
    status: 422,
    when: 'the warm-up requests are missing, empty, or not readable',
    message: 'warmup/requests.jsonl cannot be replayed: {reason}',
    remedy: 'Train the model again: the Trainer writes the warm-up requests with its own answers.',
  },
  INFRA_ANSWERS_DIFFER: {
    status: 422,
    when: 'the booted model answers the warm-up requests otherwise than it did at training',
    message:
      'Answers differ by up to {got} from those recorded at training (at most {limit}); first on request {request}.',
    remedy:
      'The graph is not the one that was trained: export it again. On another kind of processor a higher tolerance may be right.',
  },
  INFRA_ACCURACY_WORSE: {
    status: 422,
    when: 'the booted model is less accurate on the eval split than its model card says',
    message: 'Accuracy on {photos} photos of the eval split is {got}, and the model card says {expected}.',
    remedy:
      'Check that the model belongs to these examples, and that its labels are in the order of its head; then train it again.',
  },
  INFRA_TOO_SLOW: {
    status: 422,
    when: 'an answer takes longer than the budget',
    message: 'An answer takes {got} (median), and the budget is {limit}.',
    remedy: 'Use fewer views or a smaller backbone, or raise {parameter} if that time is acceptable.',
  },
  INFRA_MEMORY_HIGH: {
    status: 422,
    when: 'the booted model needs more memory than the budget',
    message: 'The fresh process grew by {got} MB, and the budget is {limit} MB.',
    remedy: 'Use a smaller backbone, or raise maxMemoryMb if the machine has it.',
  },
  MODEL_NOT_BLESSED: {
    status: 422,
    when: 'a step that takes only blessed models was given one that is not',
    message: 'The model is not blessed by {by}: {reason}',
    remedy: 'Read the checks in {path}, and train a better model or change the thresholds.',
  },
  BLESSING_UNREADABLE: {
    status: 422,
    when: 'a blessing artifact holds no readable verdict',
    message: 'The blessing {path} cannot be read: {reason}',
    remedy:
      'Run the evaluation again; a blessing holds an empty file BLESSED or NOT_BLESSED (INFRA_ for infrastructure).',
  },
  EVALUATION_UNREADABLE: {
    status: 422,
    when: 'the evaluation that comes with a push cannot be read',
    message: 'The evaluation {path} cannot be read: {reason}',
    remedy: 'Run the Evaluator again.',
  },
  INFERENCE_SOURCE_MISSING: {
    status: 400,
    when: 'BulkInferrer has neither a source nor examples',
    message: 'BulkInferrer has nothing to answer: neither the parameter "source" nor the input "examples" is given.',
    remedy: 'Give source: a folder or manifest, or wire examples.',
  },
});
