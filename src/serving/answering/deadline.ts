import { isMitateError, MitateError } from '../../errors/index.ts';
import type { Route } from '../router/route.ts';
import type { ServiceRequest } from '../service.ts';

/** Time limit of a request, counted from its arrival. */
export class Deadline {
  #atMs: number;
  #lengthMs: number;

  constructor({ arrivedAtMs }: Pick<ServiceRequest, 'arrivedAtMs'>, { settings }: Pick<Route, 'settings'>) {
    this.#lengthMs = settings.deadlineMs;
    this.#atMs = arrivedAtMs + settings.deadlineMs;
  }

  /** @throws REQUEST_DEADLINE_EXCEEDED when no time is left */
  leftMs(subject: string): number {
    const left = this.#atMs - performance.now();
    if (left > 0) return left;
    throw this.exceeded(subject);
  }

  exceeded(subject: string): MitateError {
    return new MitateError('REQUEST_DEADLINE_EXCEEDED', { subject, deadlineMs: this.#lengthMs });
  }

  /** @throws REQUEST_DEADLINE_EXCEEDED when `work` is not done in time */
  async wait<T>(work: () => Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(this.exceeded('photo')), this.leftMs('photo'));
    return await Promise.race([work(), late.promise]).finally(() => clearTimeout(timer));
  }

  /** The pool's deadline error, with the endpoint's time limit in place of the rest that the pool was given. */
  rephrase(error: MitateError): MitateError {
    if (!isMitateError(error, 'INFERENCE_DEADLINE_EXCEEDED') || performance.now() < this.#atMs) return error;
    return this.exceeded(String(error.details.subject));
  }
}
