// A data set with all that screens show of it: corrections, checks, embeddings, and an evaluation that looks for suspicious labels.
import {
  definePipeline,
  evaluator,
  exampleGen,
  exampleValidator,
  param,
  schemaGen,
  statisticsGen,
  trainer,
  transform,
} from 'mitate';

export default definePipeline(
  'looked-at',
  { images: param.uri(), corrections: param.uri() },
  ({ images, corrections }) => {
    const { examples } = exampleGen({ source: images, corrections, groupBy: 'near-duplicate' });
    const { statistics } = statisticsGen({ examples });
    const { schema } = schemaGen({ statistics });
    exampleValidator({ statistics, schema });
    const { transformGraph } = transform({ examples, views: 'plain' });
    const { model } = trainer({ examples, transformGraph, head: { hidden: 8, minSteps: 0, epochs: 2 } });
    evaluator({ examples, model, transformGraph });
  },
);
