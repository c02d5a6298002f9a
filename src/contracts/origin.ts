import { z } from 'zod';

/** Of a page: what browsers send as `Origin`. App shells have their own schemes: `capacitor://localhost`. */
export const originSchema = z
  .string()
  .max(200)
  .regex(
    /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._[\]:-]+$/,
    'use scheme, host and port only, such as https://app.example or http://localhost:5173',
  )
  .refine(
    (text) => !/^https?:/.test(text) || (URL.canParse(text) && new URL(text).origin === text),
    'is not an origin as browsers send it: no default port',
  );
