export interface ErrorEntry {
  /** Former code for the same case, which is no longer sent. */
  replaces?: string;
  /** HTTP status of the response. */
  status: number;
  /** "Thrown when ...", for the reference page. */
  when: string;
  /** Cause and place; `{name}` is replaced by a detail. */
  message: string;
  /** What to do next; `{name}` is replaced by a detail. */
  remedy: string;
}

export function defineErrors<const T extends Record<string, ErrorEntry>>(entries: T): T {
  return entries;
}
