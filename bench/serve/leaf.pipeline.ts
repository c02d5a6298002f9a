import {
  definePipeline,
  exampleGen,
  param,
  pusher,
  question,
  schemaGen,
  statisticsGen,
  trainer,
  transform,
} from 'mitate';

/** The leaf pipeline without evaluation: the bench needs two versions, whatever their quality. */
export default definePipeline('bench', { images: param.uri() }, ({ images }) => {
  const { examples } = exampleGen({
    source: images,
    splits: { train: 8, eval: 1, test: 1 },
    groupBy: 'near-duplicate',
  });
  const { statistics } = statisticsGen({ examples });
  const { schema } = schemaGen({ statistics });
  const { transformGraph } = transform({ examples, schema, backbone: 'mobilenet-v2' });
  const { model } = trainer({
    examples,
    transformGraph,
    task: question('unwell', { negative: /(?<![a-z])healthy(?![a-z])/i, otherwise: 'healthy' }),
  });
  pusher({ model, modelName: 'leaf-health', endpoint: 'leaf-health' });
});
