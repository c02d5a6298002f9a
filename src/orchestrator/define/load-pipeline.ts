import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolveOurselves } from '../../config/resolve-ourselves.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { isPipeline, type Pipeline } from './define-pipeline.ts';

const extensions = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Imports a pipeline file and returns its default export. Node strips the types, so nothing is built.
 * Throws PIPELINE_FILE_INVALID with a remedy, or the catalogue error that the definition itself threw.
 */
export async function loadPipeline(path: string): Promise<Pipeline> {
  const file = resolve(path);
  if (!existsSync(file))
    throw invalid(file, 'there is no such file', 'Check the path, or create a project with "mitate init".');
  if (!extensions.includes(extname(file)))
    throw invalid(
      file,
      `"${extname(file)}" is not a module extension`,
      `Name it ${extensions.map((e) => `*${e}`).join(', ')}.`,
    );
  resolveOurselves();
  const module = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw explain(file, error);
  });
  if (isPipeline(module.default)) return module.default;
  throw invalid(file, whatInstead(module), 'It needs: export default definePipeline("name", parameters, function).');
}

function invalid(path: string, reason: string, hint: string, cause?: unknown): MitateError {
  return new MitateError('PIPELINE_FILE_INVALID', { path, reason, hint }, { cause });
}

function whatInstead(module: Record<string, unknown>): string {
  if (module.default !== undefined) return 'its default export is not a pipeline';
  const named = Object.keys(module).find((key) => isPipeline(module[key]));
  return named ? `the pipeline "${named}" is not the default export` : 'it has no default export';
}

function explain(file: string, error: unknown): MitateError {
  if (error instanceof MitateError) return error;
  if (isMitateError(error)) return error;
  const { code, message = String(error), stack = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return invalid(file, message, 'Node only strips types: replace enums, namespaces and parameter properties.', error);
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
    return invalid(
      file,
      message,
      'Check the import, or install the package with npm; relative imports need a file extension.',
      error,
    );
  if (error instanceof SyntaxError || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX')
    return invalid(
      file,
      `syntax error: ${message}${placeIn(stack)}`,
      'Correct the file; "npx tsc --noEmit" shows every error.',
      error,
    );
  return invalid(file, message + placeIn(stack), 'Correct the file. --verbose shows the stack.', error);
}

/** ` (pipeline.ts:12)`: the first stack frame outside Node. */
function placeIn(stack: string): string {
  const place = /(?:file:\/\/)?(\/[^\s():]+\.[mc]?[jt]s):(\d+)/.exec(stack);
  return place ? ` (${place[1]}:${place[2]})` : '';
}
