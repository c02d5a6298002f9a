import {
  definePipeline,
  evaluator,
  exampleGen,
  exampleValidator,
  infraValidator,
  param,
  pusher,
  question,
  resolver,
  schemaGen,
  statisticsGen,
  trainer,
  transform,
} from 'mitate';

/**
 * A plant-leaf service that keeps itself up to date. `images` is a source with `{SPAN}`: span 0 is the initial data set, the flywheel adds
 * the others. A new version gets traffic step by step: replay, shadow, canary.
 */
export default definePipeline(
  'closed-loop',
  {
    images: param.uri(),
    /** Requests that a candidate handles as a shadow, and in each canary step. */
    patience: param.integer().default(200),
  },
  ({ images, patience }) => {
    const { examples } = exampleGen({ source: images, span: 'all', splits: { train: 8, eval: 1, test: 1 } });
    const { statistics } = statisticsGen({ examples });
    const { schema } = schemaGen({ statistics });
    const { anomalies } = exampleValidator({ statistics, schema });
    const { transformGraph } = transform({ examples, schema, anomalies, backbone: 'mobilenet-v2', views: 'plain' });
    const { model } = trainer({
      examples,
      transformGraph,
      anomalies,
      task: question('unwell', { negative: /(?<![a-z])healthy(?![a-z])/i, otherwise: 'healthy' }),
    });
    const { model: baseline } = resolver({ strategy: 'latest-blessed', modelName: 'closed-loop' });
    const { evaluation, blessing } = evaluator({
      examples,
      model,
      baseline,
      transformGraph,
      anomalies,
      thresholds: { auc: { min: 0.8 } },
    });
    const { infraBlessing } = infraValidator({ model, examples });
    pusher({
      model,
      blessing,
      infraBlessing,
      evaluation,
      modelName: 'closed-loop',
      endpoint: 'closed-loop',
      promotion: {
        replay: { requests: 300 },
        shadow: { requests: patience },
        canary: { steps: [10, 50], requestsAStep: patience },
      },
    });
  },
);
