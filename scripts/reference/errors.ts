import { catalogue } from '../../src/errors/catalogue.ts';
import type { ErrorEntry } from '../../src/errors/define-errors.ts';

/** docs/reference/errors.md, from the catalogue. */
export function errorReference(): string {
  const entries = Object.entries(catalogue as Record<string, ErrorEntry>).sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = entries.map(
    ([code, { status, when, message, remedy, replaces }]) =>
      `## ${code}\nThrown when ${when}. HTTP status ${status}.${replaces ? ` Replaces \`${replaces}\`, which is no longer sent.` : ''}\n\n> ${message}\n\nRemedy: ${remedy}\n`,
  );
  return `# Errors
Every error that Mitate throws on purpose. Its shape is always \`{ "error": { "code", "message", "remedy", "details" } }\`
(\`--json\` prints it to stderr). Words in braces are replaced by details. Generated from the catalogue by \`npm run docs\`.

${sections.join('\n')}`;
}
