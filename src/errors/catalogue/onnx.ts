import { defineErrors } from '../define-errors.ts';

export const onnxErrors = defineErrors({
  MODEL_MALFORMED: {
    status: 422,
    when: 'bytes are not a readable ONNX model',
    message: 'Not a complete ONNX model ({bytes} bytes): {reason}.',
    remedy: "Download the file again, and compare its sha256 with the publisher's.",
  },
  MODEL_EXTERNAL_DATA: {
    status: 422,
    when: 'an ONNX model stores constants in another file',
    message:
      'The ONNX model stores its constant "{tensor}" in another file; Mitate accepts only models in a single file.',
    remedy: 'Save it with all data inside: onnx.save_model(model, path, save_as_external_data=False).',
  },
  MODEL_UNSUPPORTED: {
    status: 422,
    when: 'an ONNX model uses an unsupported part of the format',
    message: 'The ONNX model uses {what}, which Mitate does not support.',
    remedy: 'Export it with plain operators and dense constants (opset 13 to 21, functions inlined).',
  },
  MODEL_NOT_QUANTISABLE: {
    status: 422,
    when: 'int8 is asked for, and nothing of the backbone can run on integers',
    message: 'The backbone cannot be quantised to int8: {reason}.',
    remedy: "Set the Trainer's `export` to `float32`, or to `auto`, which serves float32 where int8 is not possible.",
  },
  ONNX_REFUSED: {
    status: 422,
    when: 'ONNX Runtime rejects a readable model',
    message: 'ONNX Runtime rejects the model: {reason}',
    remedy: 'Check the model with onnx.checker.check_model, and export it for opset 21 or older.',
  },
});
