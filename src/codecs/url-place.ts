/** `s3://...`, `https://...`, `file:...` */
export const isUrl = (place: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(place) || /^file:/i.test(place);

/** Whether a URL is below another. Text for text, so that no parser can read it in another way: nothing that one may resolve or decode to `..`, to another host, or to a query. */
export function isBelow(root: string, place: string): boolean {
  const [start, rest] = [root.replace(/\/*$/, '/'), `${place}/`];
  if (!rest.startsWith(start) || /[\\?#\s\p{Cc}]|%2f|%5c/iu.test(place)) return false;
  return !rest
    .slice(start.length)
    .split('/')
    .some((part) => /^(?:\.|%2e){1,2}$/i.test(part));
}
