import { defineErrors } from '../define-errors.ts';

const convert = 'Mitate reads JPEG, PNG and WebP.';

export const visionErrors = defineErrors({
  IMAGE_EMPTY: {
    status: 400,
    when: 'an image has no bytes',
    message: 'The image is empty: 0 bytes.',
    remedy: 'Copy or upload the file again; the transfer may have failed.',
  },
  IMAGE_HEIC: {
    status: 415,
    when: 'an image is HEIC or HEIF, the default of iPhone cameras',
    message: `The image is HEIC. ${convert}`,
    remedy:
      'Convert it to JPEG: "heif-convert in.heic out.jpg" (Linux), "sips -s format jpeg in.heic --out out.jpg" (macOS), or "magick in.heic out.jpg". New photos of an iPhone are JPEG with Settings, Camera, Formats, "Most Compatible".',
  },
  IMAGE_AVIF: {
    status: 415,
    when: 'an image is AVIF',
    message: `The image is AVIF. ${convert}`,
    remedy: 'Convert it, for example with "magick in.avif out.jpg".',
  },
  IMAGE_GIF: {
    status: 415,
    when: 'an image is GIF',
    message: `The image is GIF. ${convert}`,
    remedy: 'GIF keeps 256 colours only: use the original photo, or convert it with "magick in.gif[0] out.png".',
  },
  IMAGE_TIFF: {
    status: 415,
    when: 'an image is TIFF, or a camera raw file built on TIFF (DNG, CR2, NEF, ARW)',
    message: `The image is TIFF or camera raw. ${convert}`,
    remedy: 'Export it as JPEG from the photo program, or convert it with "magick in.tif[0] out.jpg".',
  },
  IMAGE_BMP: {
    status: 415,
    when: 'an image is BMP',
    message: `The image is BMP. ${convert}`,
    remedy: 'Save it as PNG, or convert it with "magick in.bmp out.png".',
  },
  IMAGE_SVG: {
    status: 415,
    when: 'an image is SVG, whatever its file name says',
    message: `The image is SVG, a drawing in text. ${convert}`,
    remedy:
      'Use a photo. A drawing can be rendered to PNG first; Mitate does not run SVG, because it may load other files.',
  },
  IMAGE_HTML: {
    status: 415,
    when: 'an image is actually a web page, as left by a failed download',
    message: `The image is a web page (HTML). ${convert}`,
    remedy: 'Download the image itself: the link leads to a page, a login or an error message.',
  },
  IMAGE_PDF: {
    status: 415,
    when: 'an image is a PDF',
    message: `The image is a PDF. ${convert}`,
    remedy: 'Extract the photo, for example with "pdfimages -j in.pdf photo".',
  },
  IMAGE_FORMAT_UNKNOWN: {
    status: 415,
    when: 'the first bytes of an image match no known format',
    message: `The image is of an unknown format: it starts with bytes {firstBytes}. ${convert}`,
    remedy: 'Open it in an image viewer and save it as JPEG; if no viewer opens it, the file is not an image.',
  },
  IMAGE_TOO_LARGE: {
    status: 413,
    when: 'an image has more pixels than the limit; read from its header before decoding',
    message: 'The image is {width} x {height} = {megapixels} megapixels; the limit is {limitMegapixels}.',
    remedy: 'Scale it down: 2,000 pixels on the longer side are enough.',
  },
  IMAGE_TRUNCATED: {
    status: 422,
    when: 'an image file ends too early',
    message: 'The {format} image is truncated after {sizeBytes} bytes: {reason}',
    remedy: 'Copy or download the file again.',
  },
  IMAGE_CORRUPT: {
    status: 422,
    when: 'an image of a known format cannot be decoded',
    message: 'The {format} image of {sizeBytes} bytes is damaged: {reason}',
    remedy: 'Use another copy of the photo, or open it in an image viewer and save it again.',
  },
  IMAGE_VIEW_NOT_SQUARE: {
    status: 400,
    when: 'a view that swaps width and height is applied to non-square pixels',
    message: 'View {view} needs square pixels; got {width} x {height}.',
    remedy: 'Set the same preprocess width and height, or remove rot90, rot270, transpose and transverse.',
  },
});
