import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { MitateError } from '../../../errors/index.ts';
import { requireStorable } from '../../plugins/storable-text.ts';
import { imageLimit } from '../request-content.ts';

export interface Form {
  /** In order. */
  files: { field: string; bytes: Uint8Array }[];
  /** Text fields; the last of each name. */
  fields: Map<string, string>;
}

/** Text whatever their type. Of other parts the type decides too, since a file needs no name (RFC 7578, 4.2). */
const textFields = ['attributes', 'class', 'subject'];
/** @param type `text/plain` if the part has none */
const isPartAFile = (field: string | undefined, type: string | undefined, filename: string | undefined) =>
  !textFields.includes(field ?? '') && (filename !== undefined || type !== 'text/plain');

const limits = { fields: 16, fieldNameSize: 100, fieldSize: 65_536, files: imageLimit + 1, parts: imageLimit + 17 };

/**
 * Parses a `multipart/form-data` body (RFC 7578) in memory.
 *
 * @param contentType with its boundary
 * @throws REQUEST_FORM_INVALID, REQUEST_TEXT_INVALID
 */
export async function readForm(contentType: string, body: Uint8Array): Promise<Form> {
  const form: Form = { files: [], fields: new Map() };
  await new Promise<void>((resolve, reject) => {
    const busboy = opened(contentType);
    busboy.on('file', (field, stream) => {
      const chunks: Uint8Array[] = [];
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      // a stream may fail before it is read; busboy also emits an error then
      stream.on('error', reject);
      stream.on('end', () => form.files.push({ field, bytes: Buffer.concat(chunks) }));
    });
    busboy.on('field', (field, value, isNameCut, isValueCut) => {
      if (isNameCut || isValueCut) reject(new Error(`field "${field}" is longer than ${limits.fieldSize} bytes`));
      form.fields.set(field, value);
    });
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      busboy.on(limit, () => reject(new Error(`more than ${limits.files - 1} files or ${limits.fields} fields`)));
    busboy.on('error', reject);
    busboy.on('finish', resolve);
    busboy.end(body);
  }).catch((error: Error) => {
    throw new MitateError('REQUEST_FORM_INVALID', { reason: error.message });
  });
  requireStorable(Object.fromEntries(form.fields), 'The form');
  return form;
}

function opened(contentType: string): BusboyInstance {
  return new Busboy({ headers: { 'content-type': contentType }, limits, isPartAFile });
}
