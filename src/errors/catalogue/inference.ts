import { defineErrors } from '../define-errors.ts';

export const inferenceErrors = defineErrors({
  INFERENCE_PROCESS_FAILED_TO_START: {
    status: 500,
    when: 'an inference process repeatedly ends before it is ready',
    message: 'The inference process ended {attempts} times in a row before it was ready ({reason}). {stderr}',
    remedy: 'Run "mitate doctor" to see which native module (sharp, onnxruntime-node) does not load on this machine.',
  },
  INFERENCE_PROCESS_CRASHED: {
    status: 503,
    when: 'the process that handled a photo ended twice, once with others and once with this photo alone',
    message:
      '{subject}: the inference process ended ({reason}) while processing this photo, and again on retry. {stderr}',
    remedy:
      'Other photos were not affected. Leave this photo out. If every photo fails, free memory or lower --processes.',
  },
  INFERENCE_DEADLINE_EXCEEDED: {
    status: 504,
    when: 'queueing and inference of a photo exceed its deadline; an inference process that hangs is replaced',
    message: '{subject}: no result within {deadlineMs} ms.',
    remedy: 'Try again. If it recurs, use a smaller photo, a faster model, or fewer processes on this machine.',
  },
  INFERENCE_CLOSED: {
    status: 503,
    when: 'a photo is submitted while inference shuts down',
    message: 'Inference is shut down; the photo was not processed.',
    remedy: 'Send the photo again when the service is back.',
  },
  MODEL_NOT_LOADED: {
    status: 404,
    when: 'a photo is sent to a model that is not loaded',
    message: 'Model {name} is not loaded. Loaded: {loaded}.',
    remedy: 'Load the model first, or use a loaded one.',
  },
  MODEL_LOAD_FAILED: {
    status: 422,
    when: 'ONNX Runtime rejects a graph',
    message: 'Model {name}: ONNX Runtime cannot load the graph: {reason}',
    remedy: 'Export the model again with this version of Mitate.',
  },
  MODEL_FILE_MISSING: {
    status: 404,
    when: 'a file of an exported model is missing',
    message: 'Model folder {uri}: the file {file} is missing.',
    remedy: 'Give the folder that contains Format-Serving/, or run the Trainer again.',
  },
  MODEL_DIGEST_MISMATCH: {
    status: 422,
    when: 'the sha256 of an exported model file is not the one in its signature',
    message: 'Model file {file}: expected sha256 {expected}, got {actual}.',
    remedy: 'The file was changed or damaged after export. Restore it from a backup, or run the pipeline again.',
  },
  MODEL_SIGNATURE_INVALID: {
    status: 422,
    when: 'signature.json of a model is not valid',
    message: 'Model signature {file}: {reason}',
    remedy: 'Restore the file, or run the Trainer again.',
  },
  MODEL_WARMUP_DIFFERS: {
    status: 422,
    when: 'the predictions of a model on its warm-up requests differ from those at training',
    message:
      'Model {name}: the prediction for warm-up request {request} differs by {difference} from training; at most {tolerance} is allowed.',
    remedy: 'The model gets no traffic. Run InfraValidator to see which check fails, then train again.',
  },
  MODEL_REFERENCE_INVALID: {
    status: 422,
    when: 'a file that serving reads with a model (drift reference, warm-up requests) is not usable',
    message: 'Model file {file}: {reason}.',
    remedy: 'Restore the model folder from a backup, or run the Trainer again.',
  },
  MODEL_ANSWERED_NAN: {
    status: 500,
    when: 'an output of a model contains NaN or an infinity',
    message: 'Model {name}: output {output} contains {count} numbers that are not finite.',
    remedy: 'Do not serve this model. Train again, and look for NaN in the training log.',
  },
  MODEL_ANSWER_SHAPE: {
    status: 500,
    when: 'an output of a model is missing or does not have the length in its signature',
    message: 'Model {name}, output {output}: expected {expected} numbers, got {actual}.',
    remedy: 'The model file and its signature do not match. Run the Trainer again.',
  },
  MODEL_NOT_EXPLAINABLE: {
    status: 422,
    when: 'a heat map is requested from a model without an explainer',
    message: 'Model {name} has no explain.onnx: it can classify photos, but cannot draw heat maps.',
    remedy: 'Run the Trainer again with a backbone that has spatial taps.',
  },
  MODEL_CLASS_UNKNOWN: {
    status: 400,
    when: 'a heat map is requested for a class that the model lacks',
    message: 'Model {name}: expected a class index in 0..{last}, got {actual}.',
    remedy: 'Give a class index in that range; signature.json lists the labels in order.',
  },
});
