/**
 * Untrusted text (labels, file names) for a terminal: control and bidirectional-override characters become visible escapes, so that a file
 * name can neither move the cursor nor hide its extension.
 */
export function safeText(text: string): string {
  return text.replace(
    /[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
  );
}
