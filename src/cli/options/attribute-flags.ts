import type { Command } from 'commander';
import { type LabelAttributes, labelAttributesSchema } from '../../contracts/loop/feedback.ts';
import { issueOf, MitateError } from '../../errors/index.ts';
import { wholeNumber } from './parse-number.ts';

interface AttributeFlags {
  severity?: number;
  alsoShows?: string[];
}

export interface LabelFlags extends AttributeFlags {
  newClass?: boolean;
  note?: string;
}

export function withAttributeFlags(command: Command): Command {
  return command
    .option('--severity <grade>', 'how severe it is, from 0 (nothing is affected) to 5 (all is)', wholeNumber)
    .option('--also-shows <label...>', 'other labels that the photo shows, too');
}

/** Null = none were given. @throws PARAMETER_INVALID */
export function attributesOf({ severity, alsoShows }: AttributeFlags, command: string): LabelAttributes | null {
  if (severity === undefined && alsoShows === undefined) return null;
  const { data, error } = labelAttributesSchema.safeParse({ severity, alsoShows });
  if (data) return data;
  const { place, reason } = issueOf(error);
  throw new MitateError('PARAMETER_INVALID', { where: place, reason, command });
}
