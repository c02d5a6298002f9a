import { accessErrors } from './catalogue/access.ts';
import { actionErrors } from './catalogue/actions.ts';
import { alertErrors } from './catalogue/alerts.ts';
import { backboneErrors } from './catalogue/backbones.ts';
import { bucketErrors } from './catalogue/buckets.ts';
import { configErrors } from './catalogue/config.ts';
import { coreErrors } from './catalogue/core.ts';
import { endpointErrors } from './catalogue/endpoints.ts';
import { engineErrors } from './catalogue/engines.ts';
import { evaluationErrors } from './catalogue/evaluation.ts';
import { exampleGenErrors } from './catalogue/example-gen.ts';
import { feedbackErrors } from './catalogue/feedback.ts';
import { flywheelErrors } from './catalogue/flywheel.ts';
import { httpErrors } from './catalogue/http.ts';
import { inferenceErrors } from './catalogue/inference.ts';
import { labelErrors } from './catalogue/labels.ts';
import { monitorErrors } from './catalogue/monitors.ts';
import { onnxErrors } from './catalogue/onnx.ts';
import { orchestratorErrors } from './catalogue/orchestrator.ts';
import { promotionErrors } from './catalogue/promotion.ts';
import { protocolErrors } from './catalogue/protocols.ts';
import { pushingErrors } from './catalogue/pushing.ts';
import { releaseErrors } from './catalogue/release.ts';
import { requestLogErrors } from './catalogue/request-log.ts';
import { routingErrors } from './catalogue/routing.ts';
import { secretErrors } from './catalogue/secrets.ts';
import { servingErrors } from './catalogue/serving.ts';
import { storeErrors } from './catalogue/store.ts';
import { tlsErrors } from './catalogue/tls.ts';
import { trainerErrors } from './catalogue/trainer.ts';
import { transformErrors } from './catalogue/transform.ts';
import { triggerErrors } from './catalogue/triggers.ts';
import { uploadErrors } from './catalogue/uploads.ts';
import { validationErrors } from './catalogue/validation.ts';
import { visionErrors } from './catalogue/vision.ts';
import type { ErrorEntry } from './define-errors.ts';

/** Every error that Mitate throws on purpose. A test compares `docs/reference/errors.md` with it. */
export const catalogue = {
  ...coreErrors,
  ...actionErrors,
  ...onnxErrors,
  ...backboneErrors,
  ...orchestratorErrors,
  ...engineErrors,
  ...configErrors,
  ...evaluationErrors,
  ...exampleGenErrors,
  ...bucketErrors,
  ...storeErrors,
  ...tlsErrors,
  ...trainerErrors,
  ...visionErrors,
  ...inferenceErrors,
  ...transformErrors,
  ...promotionErrors,
  ...pushingErrors,
  ...validationErrors,
  ...triggerErrors,
  ...accessErrors,
  ...labelErrors,
  ...uploadErrors,
  ...secretErrors,
  ...endpointErrors,
  ...servingErrors,
  ...routingErrors,
  ...requestLogErrors,
  ...protocolErrors,
  ...httpErrors,
  ...alertErrors,
  ...flywheelErrors,
  ...feedbackErrors,
  ...releaseErrors,
  ...monitorErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;

type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
type Entry<C extends ErrorCode> = (typeof catalogue)[C];

/** Details used in an entry's message and remedy; others may be added. */
export type ErrorDetails<C extends ErrorCode> = {
  [K in Placeholders<Entry<C>['message']> | Placeholders<Entry<C>['remedy']>]: string | number;
} & Record<string, unknown>;
