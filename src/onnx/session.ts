import { InferenceSession } from 'onnxruntime-node';
import { MitateError, reasonOf } from '../errors/index.ts';
import { readModel } from './read-model.ts';

export interface SessionOptions {
  /** Threads of one `run`. Default 1: several processes with one thread each beat one process with several. */
  threads?: number;
  /** @default 'all' */
  optimisation?: 'all' | 'extended' | 'basic' | 'disabled';
  /** File for the optimised graph, which fits this type of machine only. */
  writeOptimisedTo?: string;
}

/**
 * An ONNX Runtime session on the CPU, from bytes only: a path would follow links to other files. Threads do not spin while
 * idle, and external data is refused before ONNX Runtime sees it.
 * `run` is synchronous native code behind its promise: it blocks the event loop. Call `release()` when done.
 * @throws MODEL_MALFORMED, MODEL_EXTERNAL_DATA, MODEL_UNSUPPORTED from the inspection
 * @throws ONNX_REFUSED when ONNX Runtime refuses the graph
 */
export async function createSession(bytes: Uint8Array, options: SessionOptions = {}): Promise<InferenceSession> {
  readModel(bytes);
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: options.threads ?? 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: options.optimisation ?? 'all',
      ...(options.writeOptimisedTo && { optimizedModelFilePath: options.writeOptimisedTo }),
      // Errors are thrown; the log would repeat them on stderr.
      logSeverityLevel: 4,
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    const reason = reasonOf(error);
    throw new MitateError('ONNX_REFUSED', { reason }, { cause: error });
  }
}
