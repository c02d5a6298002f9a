import { z } from 'zod';
import { preprocessSchema } from './artifacts/signature.ts';

const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256: 64 lower-case hex digits');

/** How your own ONNX file is used. Missing fields are read from the file. */
const ownModelFields = {
  /** Of the file. */
  sha256: sha256Schema,
  /** Shown in reports. */
  name: z.string().min(1).default('own'),
  input: z
    .object({
      /** Default: the only input. */
      name: z.string().optional(),
      /** Default: where the file's input shape has its 3. */
      layout: z.enum(['nchw', 'nhwc']).optional(),
      /** Pixels. Default: the file's input shape. */
      width: z.int().positive().optional(),
      height: z.int().positive().optional(),
      channels: z.enum(['rgb', 'bgr']).default('rgb'),
      /** float32 inputs get (byte / 255 - mean) / std per channel. Default: ImageNet's, as torchvision and timm. */
      mean: threeNumbers.default([0.485, 0.456, 0.406]),
      std: threeNumbers.refine((std) => std.every((value) => value > 0)).default([0.229, 0.224, 0.225]),
      fit: preprocessSchema.shape.fit,
      kernel: preprocessSchema.shape.kernel,
    })
    .prefault({}),
  /** Values [N, C, H, W] whose channel means and standard deviations are the features. Default: the outputs of that rank. */
  taps: z.array(z.string().min(1)).min(1).optional(),
  /** A value [N, D] used directly as features, without heat maps. Default without taps: the output of that rank. */
  features: z.string().min(1).optional(),
  /** Maximum file size, bytes. */
  maxBytes: z.int().positive().default(1_000_000_000),
};
const tapsOrFeatures = (own: { taps?: unknown; features?: unknown }) => !(own.taps && own.features);
const both = 'give taps or features, not both';

/** A backbone by path or by URL; the sha256 is never optional. */
export const ownBackboneSchema = z.union([
  z.strictObject({ path: z.string().min(1), ...ownModelFields }).refine(tapsOrFeatures, both),
  z.strictObject({ url: z.url(), ...ownModelFields }).refine(tapsOrFeatures, both),
]);
export type OwnBackbone = z.infer<typeof ownBackboneSchema>;

/** Photos for a backbone by name have sides that are a multiple of this: its layers halve them five times. */
export const inputStep = 32;

/** Value of a pipeline's `backbone` parameter: a name in the table, or your own file. */
export const backboneChoiceSchema = z.union([z.string().min(1), ownBackboneSchema]);
/** As written by the user, before defaults. */
export type BackboneChoice = z.input<typeof backboneChoiceSchema>;
