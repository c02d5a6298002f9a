import { defineErrors } from '../define-errors.ts';

export const onnxErrors = defineErrors({
  MODEL_MALFORMED: {
    status: 422,
    when: 'bytes that should be an ONNX model cannot be read as one',
    message: 'This is not a whole ONNX model ({bytes} bytes): {reason}.',
    remedy: 'Get the file again, and compare its sha256 with the one its publisher states.',
  },
  MODEL_EXTERNAL_DATA: {
    status: 422,
    when: 'an ONNX model keeps constants in another file',
    message:
      'The ONNX model keeps its constant "{tensor}" in another file; Mitate takes models only whole, in one file.',
    remedy: 'Save it again with all data inside: onnx.save_model(model, path, save_as_external_data=False).',
  },
  MODEL_UNSUPPORTED: {
    status: 422,
    when: 'an ONNX model uses a part of the format that Mitate does not carry over',
    message: 'The ONNX model uses {what}, which Mitate does not read.',
    remedy: 'Export it with plain operators and dense constants (opset 13 to 21, functions inlined).',
  },
  ONNX_REFUSED: {
    status: 422,
    when: 'ONNX Runtime refuses a model that could be read',
    message: 'ONNX Runtime refuses the model: {reason}',
    remedy: 'Check the model with onnx.checker.check_model, and export it for opset 21 or older.',
  },
});
