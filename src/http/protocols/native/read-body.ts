import { MitateError } from '../../../errors/index.ts';
import { kindOf, readBase64 } from '../read-base64.ts';
import { readJson } from '../read-json.ts';
import { asObject, checkImages, type RequestContent, readAttributes, readSubject } from '../request-content.ts';
import { readForm } from './read-form.ts';

const expected =
  'a photo as image/jpeg, image/png or image/webp, as multipart field "file", or as {"images": [base64]}';

/**
 * The body of `:predict` and `:explain`: one image, a form with files in `file`, or JSON `{ images, attributes?, subject?, class? }`.
 *
 * @throws REQUEST_*
 */
export async function readNativeBody(contentType: string | undefined, body: Uint8Array): Promise<RequestContent> {
  const content = await readAs(contentType ?? '', body);
  checkImages(content.images, expected);
  return content;
}

function readAs(contentType: string, body: Uint8Array): RequestContent | Promise<RequestContent> {
  const type = contentType.replace(/;.*$/s, '').trim().toLowerCase();
  if (type === 'multipart/form-data') return fromForm(contentType, body);
  if (type === 'application/json') return fromJson(readJson(body));
  if (body.length === 0) return { images: [] };
  // decoding shows what image it is; many clients send octet-stream
  if (type.startsWith('image/') || type === 'application/octet-stream') return { images: [body] };
  throw new MitateError('REQUEST_TYPE_UNSUPPORTED', {
    expected: 'image/*, multipart/form-data or application/json',
    got: type || 'none',
  });
}

async function fromForm(contentType: string, body: Uint8Array): Promise<RequestContent> {
  const { files, fields } = await readForm(contentType, body);
  const unknown = files.find(({ field }) => field !== 'file');
  if (unknown)
    throw new MitateError('REQUEST_SHAPE_INVALID', {
      where: 'form',
      expected: 'photos in field "file"',
      got: `field "${unknown.field}"`,
    });
  const attributes = fields.get('attributes');
  return {
    images: files.map(({ bytes }) => bytes),
    attributes:
      attributes === undefined
        ? undefined
        : readAttributes(readJson(Buffer.from(attributes), 'Field "attributes"'), 'attributes'),
    classLabel: fields.get('class'),
    subject: readSubject(fields.get('subject')),
  };
}

function fromJson(json: unknown): RequestContent {
  const { images, attributes, subject, class: classLabel } = asObject(json, 'The body');
  if (!Array.isArray(images))
    throw new MitateError('REQUEST_SHAPE_INVALID', {
      where: 'images',
      expected: 'a list of base64 strings',
      got: kindOf(images),
    });
  if (classLabel != null && typeof classLabel !== 'string')
    throw new MitateError('REQUEST_SHAPE_INVALID', { where: 'class', expected: 'a label', got: kindOf(classLabel) });
  return {
    images: images.map((image, i) => readBase64(image, `images[${i}]`)),
    attributes: readAttributes(attributes, 'attributes'),
    classLabel: classLabel ?? undefined,
    subject: readSubject(subject),
  };
}
