import { z } from 'zod';
import { emptyRecord, isRecord } from '../codecs/record-from.ts';

/**
 * A record whose keys are any text. `z.record` drops the key `__proto__`; this one keeps it, and inherits nothing, so that a missing `constructor`
 * is undefined.
 */
export function recordOf<V extends z.ZodType>(valueType: V): z.ZodRecord<z.ZodString, V> {
  return new AnyTextRecord({ type: 'record', keyType: z.string(), valueType });
}

const AnyTextRecord = z.core.$constructor<z.ZodRecord<z.ZodString, z.ZodType>>(
  'AnyTextRecord',
  (schema, definition) => {
    z.ZodRecord.init(schema, definition);
    schema._zod.parse = (payload, context) => {
      const input: unknown = payload.value;
      if (!isRecord(input)) {
        payload.issues.push({ code: 'invalid_type', expected: 'record', input, inst: schema });
        return payload;
      }
      const output = emptyRecord<unknown>();
      for (const key of Object.keys(input)) {
        const result = definition.valueType._zod.run({ value: input[key], issues: [] }, context);
        if (result instanceof Promise) throw new z.core.$ZodAsyncError();
        payload.issues.push(...z.core.util.prefixIssues(key, result.issues));
        output[key] = result.value;
      }
      payload.value = output;
      return payload;
    };
  },
) as new <V extends z.ZodType>(
  definition: object,
) => z.ZodRecord<z.ZodString, V>;
