/** One entry of the catalogue. */
export interface ErrorEntry {
  /** HTTP status it answers with. */
  status: number;
  /** "Thrown when ...", for the reference page. */
  when: string;
  /** Cause and place; `{name}` is filled from the details. */
  message: string;
  /** What to do next; `{name}` is filled from the details. */
  remedy: string;
}

export function defineErrors<const T extends Record<string, ErrorEntry>>(entries: T): T {
  return entries;
}
