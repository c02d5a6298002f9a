/** Drops undefined values: a filter must not have them. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

interface Period {
  endpoint?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export const periodOf = ({ endpoint, from, to }: Period) => given({ endpoint, from: dateOf(from), to: dateOf(to) });
