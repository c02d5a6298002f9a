import { defineErrors } from '../define-errors.ts';

/** InfraValidator's refusals (beside those of MODEL_* for files and NaN), Pusher and BulkInferrer. */
export const pushingErrors = defineErrors({
  INFRA_BOOT_FAILED: {
    status: 422,
    when: 'the validation process could not load or run the model, or ended',
    message: 'The validation process could not {what}: {reason}',
    remedy: 'Check that the file is an ONNX model that this version of ONNX Runtime supports, then export it again.',
  },
  INFRA_BOOT_TIMEOUT: {
    status: 422,
    when: 'the validation process exceeds its timeout',
    message: 'The validation process did not {what} within {timeoutMs} ms.',
    remedy: 'Check the model for an endless loop or excessive size, or raise bootTimeoutMs.',
  },
  INFRA_SHAPE_WRONG: {
    status: 422,
    when: 'the inputs or outputs of a model do not match its signature',
    message: '{tensor}: expected {expected}, got {got}.',
    remedy: 'Export the model again; the graph and signature.json must come from the same export.',
  },
  INFRA_LABELS_MISMATCH: {
    status: 422,
    when: 'the number of labels in the signature is not the number of probabilities',
    message: 'signature.json has {expected} labels, but the model returns {got} probabilities.',
    remedy: 'Export the model again; labels and head must come from the same training.',
  },
  INFRA_PROBABILITIES_INVALID: {
    status: 422,
    when: 'probabilities are outside 0..1 or do not sum to 1',
    message: 'The probabilities of request {request} sum to {sum} and range from {low} to {high}.',
    remedy: 'Export the model again; the graph must end in a softmax.',
  },
  INFRA_WARMUP_INVALID: {
    status: 422,
    when: 'the warm-up requests are missing, empty or unreadable',
    message: 'warmup/requests.jsonl cannot be replayed: {reason}',
    remedy: 'Train the model again: the Trainer writes the warm-up requests with the expected probabilities.',
  },
  INFRA_ANSWERS_DIFFER: {
    status: 422,
    when: 'predictions on the warm-up requests differ from those recorded at training',
    message:
      'Probabilities differ by up to {got} from those recorded at training (at most {limit}), first on request {request}.',
    remedy:
      'The graph is not the one that was trained: export it again. On another type of processor, a higher tolerance may be right.',
  },
  INFRA_ACCURACY_WORSE: {
    status: 422,
    when: 'the accuracy is below that at training, or below what the probabilities predict',
    message: '{what}: {got} of {photos} photos correct, expected at least {expected}.',
    remedy:
      'Check that the labels are in the order of the head and that the model belongs to these examples, then export or train it again.',
  },
  INFRA_TOO_SLOW: {
    status: 422,
    when: 'a prediction exceeds the latency budget',
    message: 'A prediction takes {got}; the budget is {limit}.',
    remedy: 'Use fewer views or a smaller backbone, or raise {parameter} if that time is acceptable.',
  },
  INFRA_MEMORY_HIGH: {
    status: 422,
    when: 'the model exceeds the memory budget',
    message: 'The validation process grew by {got} MB; the budget is {limit} MB.',
    remedy: 'Use a smaller backbone, or raise maxMemoryMb if the machine has it.',
  },
  BLESSING_UNREADABLE: {
    status: 422,
    when: 'a blessing artifact contains no verdict, or two',
    message: 'Cannot read the blessing {path}: {reason}',
    remedy: 'Run the pipeline again: a step whose output is damaged runs again.',
  },
  INFERENCE_SOURCE_MISSING: {
    status: 400,
    when: 'BulkInferrer has neither a source nor examples',
    message: 'BulkInferrer has no input: neither the parameter "source" nor the input "examples" is given.',
    remedy: 'Give "source" (a folder or manifest), or wire "examples".',
  },
});
