/** Zeros around a picture, in pixels. */
export interface Padding {
  top: number;
  left: number;
  bottom: number;
  right: number;
}
export const noPadding: Padding = { top: 0, left: 0, bottom: 0, right: 0 };

/** TensorFlow's `same`: ceil(size / stride) outputs, the odd pixel goes to the end (stride 2 on even sizes: 0 before, 1 after). */
export function samePadding(
  size: number,
  kernel: number,
  stride: number,
  dilation = 1,
): [before: number, after: number] {
  const places = Math.ceil(size / stride);
  const total = Math.max(0, (places - 1) * stride + (kernel - 1) * dilation + 1 - size);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

export function placesAlong(
  size: number,
  before: number,
  after: number,
  kernel: number,
  stride: number,
  dilation = 1,
): number {
  return Math.floor((size + before + after - (kernel - 1) * dilation - 1) / stride) + 1;
}

/** ONNX order. */
export function onnxPads({ top, left, bottom, right }: Padding): number[] {
  return [top, left, bottom, right];
}
