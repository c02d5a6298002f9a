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

/** The leaf pipeline without its judges: the bench wants two versions, whatever the second one's figures are. */
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
