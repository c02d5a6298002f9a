import { defineErrors } from '../define-errors.ts';

export const protocolErrors = defineErrors({
  REQUEST_WITHOUT_IMAGE: {
    status: 400,
    when: 'a prediction request contains no photo',
    message: 'The request contains no photo.',
    remedy: 'Send {expected}.',
  },
  REQUEST_TYPE_UNSUPPORTED: {
    status: 415,
    when: 'a route does not support the content type of a request body',
    message: 'Content-Type: expected {expected}, got {got}.',
    remedy: 'Set the header Content-Type to the type of the body.',
  },
  REQUEST_ENCODING_UNSUPPORTED: {
    status: 415,
    when: 'a request body is compressed with an unsupported encoding',
    message: 'Content-Encoding: expected gzip, deflate or none, got {got}.',
    remedy: 'Send the body uncompressed: photos are already compressed.',
  },
  REQUEST_ENCODING_BROKEN: {
    status: 400,
    when: 'a request body does not match its Content-Encoding',
    message: 'The body is not valid {encoding}: {reason}',
    remedy: 'Send the body uncompressed: photos are already compressed.',
  },
  REQUEST_JSON_INVALID: {
    status: 400,
    when: 'a body or field is not valid JSON',
    message: '{where} is not valid JSON: {reason}',
    remedy: 'Check quotes, commas and braces, and that the body is complete.',
  },
  REQUEST_JSON_TOO_COMPLEX: {
    status: 400,
    when: 'JSON is nested deeper or contains more values than any valid request',
    message: '{where} is too complex: {what}; the limit is {limit}.',
    remedy: 'Send photos as base64 strings or as binary tensors, not as lists of numbers.',
  },
  REQUEST_SHAPE_INVALID: {
    status: 400,
    when: 'a field of a request is missing or has the wrong type',
    message: '{where}: expected {expected}, got {got}.',
    remedy: 'Compare the request with the examples in docs/guides/protocols.md.',
  },
  REQUEST_TEXT_INVALID: {
    status: 400,
    when: 'a text in a path, query, form, header or body contains a character that no database stores',
    message: '{where} contains {what}.',
    remedy: 'Remove the character. If it is in binary data, encode the data as base64.',
  },
  REQUEST_BASE64_INVALID: {
    status: 400,
    when: 'a photo in JSON is not valid base64',
    message: '{where} is not valid base64: {reason}',
    remedy: 'Encode the bytes of the image file (not its name or its pixels), and send the complete string.',
  },
  REQUEST_EXAMPLE_INVALID: {
    status: 400,
    when: 'an instance is neither an image nor a serialized tf.Example with an image',
    message: '{where}: {reason}',
    remedy: 'Put the image file into the feature "image_raw" (or "image/encoded") of the tf.Example.',
  },
  REQUEST_FORM_INVALID: {
    status: 400,
    when: 'a multipart body is truncated or malformed',
    message: 'The multipart body is not valid: {reason}',
    remedy: 'Let the HTTP client write the body and its boundary, for example: curl -F file=@leaf.jpg',
  },
  REQUEST_TOO_MANY_IMAGES: {
    status: 413,
    when: 'a request contains more photos than the limit',
    message: 'The request contains {images} photos; the limit is {limit}.',
    remedy: 'Split them over several requests.',
  },
  REQUEST_HEADER_INVALID: {
    status: 400,
    when: 'a header has an invalid value',
    message: 'Header {name}: expected {expected}, got {got}.',
    remedy: 'Correct the header, or remove it.',
  },
  ENDPOINT_VERSION_UNKNOWN: {
    status: 404,
    when: 'a request names a model version that is not deployed on the endpoint',
    message: 'Endpoint {endpoint} does not serve version "{version}". It serves: {versions}.',
    remedy: 'Remove the version from the URL, or use one of those.',
  },
  PHOTO_UNLIKE_TRAINING: {
    status: 422,
    when: 'the original API, which has no other answer, gets a photo of no subject of the model',
    message: 'The photo was not classified (prediction {id}). {advice}',
    remedy: 'Send another photo. "mitate endpoint set <name> --unlike warn" classifies whatever is sent.',
  },
  ENDPOINT_NOT_A_QUESTION: {
    status: 409,
    when: 'a route of the original API is used with a model that does not answer a yes/no question',
    message: 'The model of endpoint {endpoint} does not answer a yes/no question.',
    remedy: 'Use POST /api/v1/endpoints/{endpoint}:predict, or select another endpoint with --default-endpoint.',
  },
});
