import { defineErrors } from '../define-errors.ts';

/** InfraValidator's refusals (beside those of MODEL_* for files and NaN), Pusher and BulkInferrer. */
export const pushingErrors = defineErrors({
  INFRA_BOOT_FAILED: {
    status: 422,
    when: 'the fresh process could not load or run the model, or died',
    message: 'A fresh process could not {what}: {reason}',
    remedy: 'Check that the file is an ONNX model this version of ONNX Runtime takes, then export it again.',
  },
  INFRA_BOOT_TIMEOUT: {
    status: 422,
    when: 'the fresh process did not finish in time',
    message: 'The fresh process was not done within {timeoutMs} ms; it was to {what}.',
    remedy: 'Look for an endless loop or a far too large model, or raise bootTimeoutMs.',
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
  INFRA_PROBABILITIES_INVALID: {
    status: 422,
    when: 'probabilities are outside 0..1 or do not add up to 1',
    message: 'Probabilities of request {request} add up to {sum}, and lie between {low} and {high}.',
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
      'Probabilities differ by up to {got} from those recorded at training (at most {limit}), first on request {request}.',
    remedy:
      'The graph is not the one that was trained: export it again. On another kind of processor a higher tolerance may be right.',
  },
  INFRA_ACCURACY_WORSE: {
    status: 422,
    when: 'the booted model is right less often than it was at training, or than its probabilities claim',
    message: '{what}: {got} of {photos} photos right, expected at least {expected}.',
    remedy:
      'Check that labels stand in the order of the head and that the model belongs to these examples; then export or train it again.',
  },
  INFRA_TOO_SLOW: {
    status: 422,
    when: 'an answer takes longer than the budget',
    message: 'An answer takes {got}, and the budget is {limit}.',
    remedy: 'Use fewer views or a smaller backbone, or raise {parameter} if that time is acceptable.',
  },
  INFRA_MEMORY_HIGH: {
    status: 422,
    when: 'the booted model needs more memory than the budget',
    message: 'The fresh process grew by {got} MB, and the budget is {limit} MB.',
    remedy: 'Use a smaller backbone, or raise maxMemoryMb if the machine has it.',
  },
  BLESSING_UNREADABLE: {
    status: 422,
    when: 'a blessing artifact holds no verdict, or two',
    message: 'The blessing {path} cannot be read: {reason}',
    remedy: 'Run the pipeline again: the step is repeated when its output does not hold.',
  },
  INFERENCE_SOURCE_MISSING: {
    status: 400,
    when: 'BulkInferrer has neither a source nor examples',
    message: 'BulkInferrer has nothing to answer: neither the parameter "source" nor the input "examples" is given.',
    remedy: 'Give "source" (a folder or manifest), or wire "examples".',
  },
});
