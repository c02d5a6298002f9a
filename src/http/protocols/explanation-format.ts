import { MitateError } from '../../errors/index.ts';

export type ExplanationFormat = 'png' | 'json';

/**
 * `?format=` decides, then `Accept`; a client that takes anything gets the picture.
 *
 * @throws REQUEST_SHAPE_INVALID
 */
export function explanationFormat(format: string | undefined, accept = '*/*'): ExplanationFormat {
  if (format === 'png' || format === 'json') return format;
  if (format !== undefined)
    throw new MitateError('REQUEST_SHAPE_INVALID', { where: '?format', expected: 'png or json', got: `"${format}"` });
  const [json, image] = [accept.indexOf('application/json'), accept.search(/image\/(png|\*)/)];
  return json >= 0 && (image < 0 || json < image) ? 'json' : 'png';
}
