// A small loop up to the registry: photos, a model, its evaluation against the model before.
import { definePipeline, evaluator, exampleGen, param, pusher, question, resolver, trainer, transform } from 'mitate';

export default definePipeline(
  'compared',
  { images: param.uri(), epochs: param.integer().default(1) },
  ({ images, epochs }) => {
    const { examples } = exampleGen({ source: images, splits: { train: 6, eval: 2, test: 4 }, groupBy: 'none' });
    const { transformGraph } = transform({ examples, views: 'plain' });
    const { model } = trainer({
      examples,
      transformGraph,
      head: { hidden: 8, minSteps: 0, epochs },
      ...(process.env.COMPARED_TASK !== 'labels' && {
        task: question('unwell', { negative: /healthy/, otherwise: 'healthy' }),
      }),
    });
    const { model: baseline } = resolver({ strategy: 'latest', modelName: 'compared' });
    const { evaluation, blessing } = evaluator({ examples, model, baseline, thresholds: { auc: { min: 0 } } });
    pusher({ model, blessing, evaluation, modelName: 'compared' });
  },
);
