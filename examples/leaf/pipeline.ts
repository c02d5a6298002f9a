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
 * Is this leaf healthy? Folder names are the labels. A label that contains "healthy" is healthy, every other one is unwell. The model predicts
 * all labels; the yes/no answer is derived from them.
 */
export default definePipeline(
  'leaf-health',
  {
    images: param.uri(),
    /** Labelled requests: "mitate flywheel export --output field" adds spans. */
    field: param.uri().default('field/span-{SPAN}'),
    /** Corrected labels: "mitate data relabel" writes them. */
    corrections: param.uri().default('corrections.jsonl'),
    test: param.uri().optional(),
    /** The head learns from each photo in these views; a served model looks at `testViews` of a photo. */
    views: param.choice('plain', 'flipped', 'dihedral').default('flipped'),
    testViews: param.choice('plain', 'all').default('plain'),
  },
  ({ images, field, corrections, test, views, testViews }) => {
    const { examples } = exampleGen({
      source: [images, field],
      span: 'all',
      test,
      corrections,
      splits: { train: 8, eval: 1, test: 1 },
      groupBy: 'near-duplicate',
    });
    const { statistics } = statisticsGen({ examples });
    const { schema } = schemaGen({ statistics });
    const { anomalies } = exampleValidator({ statistics, schema });
    const { transformGraph } = transform({ examples, schema, anomalies, backbone: 'default', views });
    const { model } = trainer({
      examples,
      transformGraph,
      anomalies,
      head: { kind: 'ridge' },
      testViews,
      export: 'auto',
      task: question('unwell', { negative: /(?<![a-z])healthy(?![a-z])/i, otherwise: 'healthy' }),
      card: { name: 'leaf-health', overview: 'Tells healthy plant leaves from unwell ones.' },
    });
    const { model: baseline } = resolver({ strategy: 'latest-blessed', modelName: 'leaf-health' });
    const { evaluation, blessing } = evaluator({
      examples,
      model,
      baseline,
      transformGraph,
      anomalies,
      thresholds: { auc: { minLower: 0.9, change: -0.005 } },
      robustness: { photos: 50 },
    });
    const { infraBlessing } = infraValidator({ model, examples });
    pusher({ model, blessing, infraBlessing, evaluation, modelName: 'leaf-health', endpoint: 'leaf-health' });
  },
);
