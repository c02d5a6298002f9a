import { defineErrors } from '../define-errors.ts';

export const protocolErrors = defineErrors({
  REQUEST_WITHOUT_IMAGE: {
    status: 400,
    when: 'a prediction request holds no photo',
    message: 'The request holds no photo.',
    remedy: 'Send {expected}.',
  },
  REQUEST_TYPE_UNSUPPORTED: {
    status: 415,
    when: 'the body of a request is of a content type that the route does not read',
    message: 'Content-Type: expected {expected}, got {got}.',
    remedy: 'Set the header Content-Type to what the body is.',
  },
  REQUEST_ENCODING_UNSUPPORTED: {
    status: 415,
    when: 'the body of a request is compressed in a way that is not read',
    message: 'Content-Encoding: expected gzip, deflate or none, got {got}.',
    remedy: 'Send the body uncompressed: photos are compressed already.',
  },
  REQUEST_ENCODING_BROKEN: {
    status: 400,
    when: 'the body of a request is not what its Content-Encoding says',
    message: 'The body is no {encoding}: {reason}',
    remedy: 'Send the body uncompressed: photos are compressed already.',
  },
  REQUEST_JSON_INVALID: {
    status: 400,
    when: 'a body or field that should be JSON is not',
    message: '{where} is no JSON: {reason}',
    remedy: 'Check quotes, commas and braces, and that the whole body was sent.',
  },
  REQUEST_JSON_TOO_COMPLEX: {
    status: 400,
    when: 'JSON nests deeper or holds more values than any request needs',
    message: '{where} {what}; the limit is {limit}.',
    remedy: 'Send photos as base64 strings or as binary tensors, not as lists of numbers.',
  },
  REQUEST_SHAPE_INVALID: {
    status: 400,
    when: 'a field of a request is missing or of another type than the protocol says',
    message: '{where}: expected {expected}, got {got}.',
    remedy: 'Compare the request with the examples in docs/guides/protocols.md.',
  },
  REQUEST_BASE64_INVALID: {
    status: 400,
    when: 'a photo in JSON is not valid base64',
    message: '{where} is not base64: {reason}',
    remedy: 'Encode the bytes of the image file (not its name or its pixels), without cutting the text.',
  },
  REQUEST_EXAMPLE_INVALID: {
    status: 400,
    when: 'an instance is neither an image nor a serialized tf.Example with an image in it',
    message: '{where}: {reason}',
    remedy: 'Put the image file into the feature "image_raw" (or "image/encoded") of the tf.Example.',
  },
  REQUEST_FORM_INVALID: {
    status: 400,
    when: 'a multipart body is cut or malformed',
    message: 'The multipart body cannot be read: {reason}',
    remedy: 'Let the HTTP client write the body and its boundary: curl -F file=@leaf.jpg.',
  },
  REQUEST_TOO_MANY_IMAGES: {
    status: 413,
    when: 'one request holds more photos than the limit',
    message: 'The request holds {images} photos; the limit is {limit}.',
    remedy: 'Send them in several requests.',
  },
  REQUEST_HEADER_INVALID: {
    status: 400,
    when: 'a header that Mitate reads has a value that it cannot have',
    message: 'Header {name}: expected {expected}, got {got}.',
    remedy: 'Correct the header, or leave it out.',
  },
  ENDPOINT_VERSION_UNKNOWN: {
    status: 404,
    when: 'a request names a model version that the endpoint has not deployed',
    message: '{endpoint} has no version "{version}" that answers; it has {versions}.',
    remedy: 'Leave the version out of the URL, or name one of those.',
  },
  ENDPOINT_NOT_A_QUESTION: {
    status: 409,
    when: "the original system's routes are asked of an endpoint whose model does not answer yes or no",
    message: '{endpoint} answers with one of many labels, not with healthy or unwell.',
    remedy: 'Use POST /api/v1/endpoints/{endpoint}:predict, or name another endpoint with --default-endpoint.',
  },
});
