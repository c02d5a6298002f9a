import { currentResampler, type Preprocess, preprocessSchema } from '../contracts/artifacts/signature.ts';

/** Photo bytes 0..255 to the network's input: x * scale + offset. */
export interface Normalisation {
  scale: number;
  offset: number;
}

export interface BackboneEntry {
  name: string;
  /** Folder of the layers model inside the npm package nsfwjs. */
  model: string;
  preprocess: Preprocess;
  normalisation: Normalisation;
  /** Layers whose channel means and standard deviations are the features, in network order. */
  taps: readonly string[];
  about: string;
}

/** Keras' `mode='tf'`: -1..1. */
const minusOneToOne: Normalisation = { scale: 1 / 127.5, offset: -1 };

/** The bundled backbones. */
export const backboneTable = {
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
