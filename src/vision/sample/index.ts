export { type DrawnLeaf, drawLeaf } from './draw-leaf.ts';
export { drawNonLeaf } from './draw-non-leaf.ts';
export { type Condition, type SampleLabel, sampleLabelNames } from './labels.ts';
export { type WriteSampleOptions, type WrittenSample, writeSample } from './write-sample.ts';
