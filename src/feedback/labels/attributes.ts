import { type LabelAttributes, labelAttributesSchema } from '../../contracts/loop/feedback.ts';
import { issueOf } from '../../errors/index.ts';

const separator = '|';

/** As columns of a table, and attributes of examples: `severity: "3"`, `also_shows: "rust|spot"`; JSON if a label has a `|`. */
export function attributeColumns(attributes: LabelAttributes | null): { severity?: string; also_shows?: string } {
  const { severity, alsoShows } = attributes ?? {};
  return {
    ...(severity !== undefined && { severity: String(severity) }),
    ...(alsoShows && { also_shows: joined(alsoShows) }),
  };
}

function joined(labels: readonly string[]): string {
  const isPlain =
    labels.every((label) => !label.includes(separator) && label.trim() === label) && labels[0]![0] !== '[';
  return isPlain ? labels.join(separator) : JSON.stringify(labels);
}

/** From such columns; null = none. @returns the reason when they are invalid */
export function attributesFrom(severity: string | null, alsoShows: string | null): LabelAttributes | null | string {
  if (severity === null && alsoShows === null) return null;
  const grade = severity === null ? {} : { severity: /^\d+(\.0+)?$/.test(severity) ? Number(severity) : severity };
  const { data, error } = labelAttributesSchema.safeParse({
    ...grade,
    ...(alsoShows !== null && { alsoShows: labelsIn(alsoShows) }),
  });
  if (data) return data;
  const { place, reason } = issueOf(error);
  return `${place.startsWith('alsoShows') ? 'also_shows' : 'severity'}: ${reason}`;
}

function labelsIn(text: string): unknown {
  if (!text.startsWith('[')) return text.split(separator).map((label) => label.trim());
  try {
    return JSON.parse(text);
  } catch {
    return [text];
  }
}
