import { MitateError } from '../../errors/index.ts';

export type ExplanationFormat = 'png' | 'json';

/**
 * From `?format=`, else `Accept`; PNG for a client that accepts anything.
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
