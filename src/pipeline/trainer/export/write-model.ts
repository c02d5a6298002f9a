import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArtifactJson } from '../../../artifacts/artifact-json.ts';
import { servingFolder } from '../../../artifacts/model/model-files.ts';
import type { Backbone } from '../../../backbones/backbone.ts';
import { composeModel, type ModelParts } from '../../../backbones/compose.ts';
import { composeExplainer, type TapReference } from '../../../backbones/compose-explainer.ts';
import { sha256 } from '../../../codecs/digest.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import type { Task } from '../../../contracts/task.ts';

export interface ServedModel extends ModelParts, Pick<Signature, 'thresholdRule' | 'labelSets' | 'precision'> {
  /** Explained, and named in the signature: the one of training. */
  backbone: Backbone;
  /** Of the served graph: the same, or its int8 form. */
  servedBackbone: Backbone;
  labels: string[];
  task: Task;
  /** 0..1. */
  threshold: number;
  /** One per tap; empty = no heat map. */
  reference: TapReference[];
}

/** Writes `Format-Serving/`: the graph, the explainer if the backbone has taps, and the signature with their sha256. */
export async function writeModel(modelUri: string, model: ServedModel): Promise<Signature> {
  const folder = join(modelUri, servingFolder);
  await mkdir(folder, { recursive: true });
  const files: Record<string, Uint8Array> = {
    'model.onnx': composeModel({ ...model, backbone: model.servedBackbone }),
  };
  if (model.reference.length > 0) files['explain.onnx'] = composeExplainer(model);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const digests = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]));
  const signature = signatureOf(model, digests);
  await writeArtifactJson(join(folder, 'signature.json'), signature);
  return signature;
}

function signatureOf({ backbone, labels, ...model }: ServedModel, files: Record<string, string>): Signature {
  const { width, height } = backbone.preprocess;
  const classes = labels.length;
  return {
    format: 'mitate/1',
    inputs: [{ name: 'pixels', dtype: 'uint8', shape: [-1, height, width, 3] }],
    outputs: [
      { name: 'logits', dtype: 'float32', shape: [-1, classes] },
      { name: 'probabilities', dtype: 'float32', shape: [-1, classes] },
      { name: 'embedding', dtype: 'float32', shape: [-1, backbone.embeddingSize] },
    ],
    labels,
    task: model.task,
    threshold: model.threshold,
    ...(model.thresholdRule && { thresholdRule: model.thresholdRule }),
    ...(model.labelSets && { labelSets: model.labelSets }),
    temperature: model.temperature,
    preprocess: backbone.preprocess,
    views: [...model.views],
    backbone: { name: backbone.name, digest: backbone.digest },
    ...(model.precision && { precision: model.precision }),
    embeddingSize: backbone.embeddingSize,
    files,
  };
}
