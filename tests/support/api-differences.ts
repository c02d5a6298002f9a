type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Patterns of today that accept whatever the earlier one accepted. */
const wider = new Map<Json, string>([
  [String.raw`^(\d+(?:\.\d+)?)(ms|s|min|h|d)$`, String.raw`^(\d+(?:\.\d+)?)(ms|s|min|m|h|d)$`],
]);

/**
 * What a client of the earlier OpenAPI document would miss, as paths into it: a removed operation, parameter, property or enum value, a
 * changed constraint, or a new requirement. Additions are no difference.
 */
export function lostSince(before: Json, now: Json | undefined, at = ''): string[] {
  if (now === undefined) return [`${at} is gone`];
  if (isParameters(before) && isParameters(now)) return lostParameters(before, now, at);
  if (isStrings(before) && isStrings(now)) return lostStrings(before, now, at);
  if (isObject(before) && isObject(now))
    return Object.entries(before).flatMap(([key, value]) =>
      saysNothing(value) ? [] : lostSince(value, now[key], `${at}/${key}`),
    );
  return before === now || (at.endsWith('/pattern') && wider.get(before) === now)
    ? []
    : [`${at}: ${JSON.stringify(before)} became ${JSON.stringify(now)}`];
}

/** 0.1 had the limits of JavaScript's whole numbers in the document. */
const saysNothing = (value: Json) => value === Number.MIN_SAFE_INTEGER || value === Number.MAX_SAFE_INTEGER;

type Parameter = { name: string; required?: boolean };

/** Arrays too: by index. */
const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null;
const isStrings = (value: Json): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isParameters = (value: Json): value is Parameter[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && 'in' in item);

function lostParameters(before: Parameter[], now: Parameter[], at: string): string[] {
  const byName = (items: Parameter[]) => Object.fromEntries(items.map((item) => [item.name, item]));
  const added = now.filter(({ name, required }) => required && !before.some((each) => each.name === name));
  return [...lostSince(byName(before), byName(now), at), ...added.map(({ name }) => `${at}/${name} is required`)];
}

/** A request may ask for less than before, a response may say more. */
function lostStrings(before: string[], now: string[], at: string): string[] {
  const isAsked = at.endsWith('/required') && at.includes('/requestBody');
  const [kept, given] = isAsked ? [now, before] : [before, now];
  return kept.filter((item) => !given.includes(item)).map((item) => `${at} ${isAsked ? 'adds' : 'lacks'} "${item}"`);
}
