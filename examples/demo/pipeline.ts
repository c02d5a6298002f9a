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
 * The pipeline of `mitate demo`: is this leaf healthy? `images` is a source with `{SPAN}`: span 0 is the first data set, the flywheel adds the
 * others. A new version is replayed and shadowed; then it waits for a person. The head is small, so that training takes seconds.
 */
export default definePipeline(
  'leaf-health',
  {
    images: param.uri().default('photos/span-{SPAN}'),
  },
  ({ images }) => {
    const { examples } = exampleGen({ source: images, span: 'all', splits: { train: 6, eval: 2, test: 2 } });
    const { statistics } = statisticsGen({ examples });
    const { schema } = schemaGen({ statistics });
    const { anomalies } = exampleValidator({ statistics, schema });
    const { transformGraph } = transform({ examples, schema, anomalies, backbone: 'mobilenet-v2', views: 'plain' });
    const { model } = trainer({
      examples,
      transformGraph,
      anomalies,
      task: question('unwell', { negative: /(?<![a-z])healthy(?![a-z])/i, otherwise: 'healthy' }),
      head: { kind: 'logistic', members: 1, epochs: 30, minSteps: 0 },
      card: { name: 'leaf-health', overview: 'Tells healthy plant leaves from unwell ones. Trained on drawn leaves.' },
    });
    const { model: baseline } = resolver({ strategy: 'latest-blessed', modelName: 'leaf-health' });
    const { evaluation, blessing } = evaluator({
      examples,
      model,
      baseline,
      transformGraph,
      anomalies,
      thresholds: { auc: { min: 0.75 } },
    });
    const { infraBlessing } = infraValidator({ model, examples });
    pusher({
      model,
      blessing,
      infraBlessing,
      evaluation,
      modelName: 'leaf-health',
      endpoint: 'leaf-health',
      promotion: {
        replay: { requests: 60, maxDisagreement: 0.5 },
        shadow: { requests: 40, maxDisagreement: 0.5 },
        canary: { steps: [10, 50], requestsAStep: 100 },
        approvals: { beforeCanary: { role: 'approver' } },
      },
    });
  },
);
