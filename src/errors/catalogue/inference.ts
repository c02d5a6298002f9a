import { defineErrors } from '../define-errors.ts';

export const inferenceErrors = defineErrors({
  INFERENCE_PROCESS_FAILED_TO_START: {
    status: 500,
    when: 'an inference process ends again and again before it is ready',
    message: 'Inference process: expected it to become ready, it ended {attempts} times in a row ({reason}). {stderr}',
    remedy: 'Run "mitate doctor": it names the native module (sharp, onnxruntime-node) that this machine cannot load.',
  },
  INFERENCE_PROCESS_CRASHED: {
    status: 503,
    when: 'the process that worked on a photo ended twice, once beside others and once alone',
    message:
      '{subject}: the inference process ended ({reason}) while it worked on this photo, and again on retry. {stderr}',
    remedy:
      'Other photos were not affected. Leave this photo out; if every photo fails, free memory or lower --processes.',
  },
  INFERENCE_DEADLINE_EXCEEDED: {
    status: 504,
    when: 'a photo has waited and worked longer than its deadline; an inference process that hangs is replaced',
    message: '{subject}: no answer within {deadlineMs} ms.',
    remedy:
      'Try again; if it recurs, give a smaller photo or a faster model, or start fewer processes on this machine.',
  },
  INFERENCE_CLOSED: {
    status: 503,
    when: 'a photo is handed to inference while it shuts down',
    message: 'Inference is closed: the photo was not looked at.',
    remedy: 'Send the photo again once the service is back.',
  },
  MODEL_NOT_LOADED: {
    status: 404,
    when: 'a photo is sent to a model name that was never loaded, or was unloaded',
    message: 'Model {name} is not loaded; loaded: {loaded}.',
    remedy: 'Load the model first, or use one of the loaded names.',
  },
  MODEL_LOAD_FAILED: {
    status: 422,
    when: 'ONNX Runtime refuses a graph',
    message: 'Model {name}: ONNX Runtime cannot load its graph: {reason}',
    remedy: 'Export the model again with this version of Mitate.',
  },
  MODEL_FILE_MISSING: {
    status: 404,
    when: 'a file of an exported model is not where it should be',
    message: 'Model folder {uri}: expected the file {file}, it is not there.',
    remedy: 'Give the folder that holds Format-Serving/, or run the Trainer again.',
  },
  MODEL_DIGEST_MISMATCH: {
    status: 422,
    when: 'the bytes of an exported model file are not those that its signature names',
    message: 'Model file {file}: expected sha256 {expected}, got {actual}.',
    remedy: 'The file was changed or damaged after export. Restore it from a backup, or run the pipeline again.',
  },
  MODEL_SIGNATURE_INVALID: {
    status: 422,
    when: 'signature.json of a model cannot be read as one',
    message: 'Model signature {file}: {reason}',
    remedy: 'Restore the file, or run the Trainer again.',
  },
  MODEL_WARMUP_DIFFERS: {
    status: 422,
    when: 'a model that is being loaded does not answer its own warm-up requests as training did',
    message:
      'Model {name}: warm-up request {request} is answered {difference} away from training, expected at most {tolerance}.',
    remedy: 'The model keeps no traffic. Run InfraValidator on it: it says which check fails; then train again.',
  },
  MODEL_REFERENCE_INVALID: {
    status: 422,
    when: 'a file beside a model that serving reads (drift reference, warm-up requests) cannot be used',
    message: 'Model file {file}: {reason}.',
    remedy: 'Restore the model folder from a backup, or run the Trainer again.',
  },
  MODEL_ANSWERED_NAN: {
    status: 500,
    when: 'an output of a model holds NaN or an infinity',
    message: 'Model {name}: output {output} holds {count} numbers that are not finite.',
    remedy: 'Do not serve this model: train again, and look for NaN in the training log.',
  },
  MODEL_ANSWER_SHAPE: {
    status: 500,
    when: 'an output of a model is missing or has another length than its signature says',
    message: 'Model {name}: output {output} should hold {expected} numbers, got {actual}.',
    remedy: 'Model file and signature do not belong together. Run the Trainer again.',
  },
  MODEL_NOT_EXPLAINABLE: {
    status: 422,
    when: 'a heat map is asked of a model that was exported without an explainer',
    message: 'Model {name} brings no explain.onnx: it can answer, but not show where it looked.',
    remedy: 'Run the Trainer again with a backbone that has spatial taps.',
  },
  MODEL_CLASS_UNKNOWN: {
    status: 400,
    when: 'a heat map is asked for a class that the model does not have',
    message: 'Model {name}: expected a class index in 0..{last}, got {actual}.',
    remedy: 'The signature lists the labels in the order of their indexes.',
  },
});
