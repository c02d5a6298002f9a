import { definePipeline, exampleGen, param } from 'mitate';
import { labelCounts } from './label-counts.ts';

export default definePipeline('counted', { images: param.uri() }, ({ images }) => {
  const { examples } = exampleGen({ source: images });
  labelCounts({ examples, least: 70 });
});
