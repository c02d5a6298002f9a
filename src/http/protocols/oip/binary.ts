import { MitateError } from '../../../errors/index.ts';

/** A body of the binary tensor extension: JSON, then the raw tensors in the order of the inputs. */
export interface SplitBody {
  json: Uint8Array;
  raw: Uint8Array;
}

/**
 * @param headerLength `Inference-Header-Content-Length`: bytes of JSON; absent = all
 * @throws REQUEST_HEADER_INVALID
 */
export function splitBody(body: Uint8Array, headerLength: string | undefined): SplitBody {
  if (headerLength === undefined) return { json: body, raw: body.subarray(body.length) };
  const length = /^\d{1,10}$/.test(headerLength) ? Number(headerLength) : Number.NaN;
  if (length <= body.length) return { json: body.subarray(0, length), raw: body.subarray(length) };
  throw new MitateError('REQUEST_HEADER_INVALID', {
    name: 'Inference-Header-Content-Length',
    expected: `the bytes of JSON, at most the body's ${body.length}`,
    got: headerLength.slice(0, 40),
  });
}

/**
 * Elements of a BYTES tensor: each a uint32 length (little endian), then that many bytes. Views of the input.
 *
 * @param where for the error: `inputs[0]`
 * @throws REQUEST_SHAPE_INVALID
 */
export function readElements(raw: Uint8Array, where: string): Uint8Array[] {
  const elements: Uint8Array[] = [];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  for (let at = 0; at < raw.length; ) {
    const left = raw.length - at - 4;
    const length = left < 0 ? Number.NaN : view.getUint32(at, true);
    if (!(length <= left)) {
      const got = left < 0 ? `${raw.length - at} bytes` : `a length of ${length} before ${left} bytes`;
      throw new MitateError('REQUEST_SHAPE_INVALID', {
        where,
        expected: 'elements of 4 bytes length and their bytes',
        got,
      });
    }
    elements.push(raw.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return elements;
}

/** The reverse, for UTF-8 strings. */
export function writeElements(texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** FP32, little endian on every machine. */
export function writeFloats(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeFloatLE(value, 4 * i);
  });
  return bytes;
}
