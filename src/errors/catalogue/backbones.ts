import { defineErrors } from '../define-errors.ts';

export const backboneErrors = defineErrors({
  MODEL_VIEWS_INVALID: {
    status: 400,
    when: 'the views to average cannot be put into the model',
    message: 'The views cannot be averaged inside the model: {reason}.',
    remedy: 'Give at least one view; for photos that are not square take plain, flip-h, flip-v, rot180 and crops only.',
  },
  BACKBONE_NOT_BUILT: {
    status: 500,
    when: 'a backbone that comes with Mitate is not there',
    message: 'The backbone {name} is missing: {path}.',
    remedy: 'In a checkout run "npm run prepare"; otherwise install Mitate again.',
  },
  BACKBONE_DIGEST_MISMATCH: {
    status: 422,
    when: 'the bytes of a backbone are not those that its sha256 stands for',
    message: 'The backbone {source} has sha256 {actual}, and {expected} was asked for.',
    remedy: 'Check the sha256 with its publisher. If it is right, delete the file and get it again.',
  },
  BACKBONE_UNKNOWN: {
    status: 400,
    when: 'a name is given that no backbone has',
    message: 'There is no backbone "{name}"; there are {known}.',
    remedy: 'Take one of them, or give your own ONNX file by path or url, with its sha256.',
  },
  BACKBONE_MISFIT: {
    status: 422,
    when: 'an ONNX file of your own does not do what its entry says',
    message: 'The backbone {source} does not fit its entry: {reason}.',
    remedy: 'Correct the entry (input, layout, taps or features); docs/guides/backbones.md shows one for each layout.',
  },
  BACKBONE_URL_REFUSED: {
    status: 400,
    when: 'a backbone is to be fetched from a URL that is not taken',
    message: 'The backbone URL {url} is not taken: {reason}.',
    remedy: 'Give an https:// address without credentials in it, or download the file yourself and give its path.',
  },
  BACKBONE_DOWNLOAD_FAILED: {
    status: 502,
    when: 'the download of a backbone does not come to its end',
    message: 'The download of {url} failed after {received} bytes: {reason}.',
    remedy: 'Run the same command again: it goes on where it stopped. Or download the file yourself and give its path.',
  },
  BACKBONE_TOO_LARGE: {
    status: 413,
    when: 'a backbone is larger than the limit',
    message: 'The backbone {source} is larger than {limitBytes} bytes.',
    remedy: 'Take a smaller model, or raise maxBytes in its entry (ONNX files end at 2 GB).',
  },
});
