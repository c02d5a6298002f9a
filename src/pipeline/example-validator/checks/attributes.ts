import type { Anomaly } from '../../../contracts/artifacts/anomalies.ts';
import { type Evidence, error, photos, quoted, splitsOf } from '../report.ts';

export function missingAttributes({ statistics, schema }: Evidence): Anomaly[] {
  const required = Object.entries(schema.attributes).filter(([, attribute]) => attribute.required);
  return splitsOf(statistics).flatMap(([split, { count, attributes }]) =>
    required.flatMap(([name]) => {
      const lacking = count - (attributes[name]?.present ?? 0);
      if (lacking === 0) return [];
      return error('ATTRIBUTE_MISSING', {
        split,
        subject: name,
        value: lacking,
        limit: 0,
        message: `Split ${split}: ${photos(lacking)} of ${count} without the attribute ${quoted(name)}, which the schema requires.`,
        remedy: `Fill in the column ${quoted(name)} of the manifest, or set attributes.${name}.required to false in the schema.`,
      });
    }),
  );
}

export function unknownValues({ statistics, schema }: Evidence): Anomaly[] {
  return splitsOf(statistics).flatMap(([split, { attributes }]) =>
    Object.entries(attributes).flatMap(([name, { values }]) => {
      const domain = schema.attributes[name]?.domain;
      if (domain === null || domain === undefined) return [];
      const unknown = Object.keys(values).filter((value) => !domain.includes(value));
      if (unknown.length === 0) return [];
      const count = unknown.reduce((sum, value) => sum + values[value]!, 0);
      return error('ATTRIBUTE_VALUE_UNKNOWN', {
        split,
        subject: name,
        value: count,
        limit: 0,
        message: `Split ${split}: ${photos(count)} with ${quoted(name)} ${quoted(...unknown)}, which the schema does not allow.`,
        remedy: `Correct the values, or add them to attributes.${name}.domain of the schema (null allows any text).`,
      });
    }),
  );
}
