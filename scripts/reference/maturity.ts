import { maturityChecks } from '../../src/feedback/maturity/assess.ts';

/** docs/reference/maturity.md, from the checks. */
export function maturityReference(): string {
  const rows = maturityChecks.map(
    ({ id, title, shownBy, notBy, gap }) => `| ${[id, title, shownBy, notBy, gap].map(cell).join(' | ')} |`,
  );
  return `# Maturity
The 46 checks of Google's MLOps levels (\`mitate maturity\`, \`GET /api/v1/maturity\`, the report). Generated from the code by \`npm run docs\`.

A check is \`met\` only by **evidence**: what Mitate did, saw or verified itself. A **claim** is what a sender, a flag or an environment variable says:
\`CI=1\`, the commit, branch, approver or stage that a release names, the results of tests that came with it. It is shown as \`claimed\`, beside what
would show it, and counts for nothing. So the last column but one lists what does not count.

What remains on trust:

- An operator of a place says which stage it is (\`mitate project stage\`), and the audit log has who said so.
- A verified workflow is one that the issuer (GitHub) signed for a repository that an operator named in \`MITATE_RELEASE_REPOSITORIES\`. What the rules of
  a protected branch ask for, such as a review, only the repository knows; the reviewer's name stays a claim.
- A component of your own is taken for what it is named. Mitate does not read its code.
- Whoever may write to the database and the files may write evidence.

| check | requirement | evidence | does not count | closes the gap |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
