/** Why, of anything that was thrown or emitted: pg-boss emits plain objects, which `String` turns into `[object Object]`. */
export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message } = error as { message?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  return error instanceof Error ? error.name : JSON.stringify(error);
}
