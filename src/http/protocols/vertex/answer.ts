import type { PredictResponse, ServedExplanation, ServedPrediction } from '../../../contracts/served-prediction.ts';

/** Response of a container; Vertex AI adds the rest. */
export interface ContainerAnswer {
  predictions: ServedPrediction[];
}

/** PredictResponse of Vertex AI's public API. */
export interface VertexAnswer extends ContainerAnswer {
  deployedModelId: string;
  model: string;
  modelDisplayName: string;
  modelVersionId?: string;
}

/** One member of `explanations`, with the names of Vertex AI's Attribution. */
export interface VertexExplanation {
  attributions: {
    outputDisplayName: string;
    instanceOutputValue: number;
    /** [height][width] log-odds. */
    featureAttributions: { image: number[][] };
    approximationError: number;
  }[];
}

export function containerAnswer({ predictions }: PredictResponse): ContainerAnswer {
  return { predictions };
}

/** All photos of a request go to one deployment. */
export function vertexAnswer({ predictions }: PredictResponse): VertexAnswer {
  const { model, deployment } = predictions[0] as ServedPrediction;
  return {
    predictions,
    deployedModelId: deployment.id,
    model: `models/${model.name}`,
    modelDisplayName: model.name,
    ...(model.version === null ? {} : { modelVersionId: String(model.version) }),
  };
}

export function vertexExplanation({ prediction, grid, completenessError }: ServedExplanation): VertexExplanation {
  const { label, leaning = label, probability } = prediction;
  return {
    attributions: [
      {
        outputDisplayName: leaning,
        instanceOutputValue: probability,
        featureAttributions: { image: grid },
        approximationError: completenessError,
      },
    ],
  };
}
