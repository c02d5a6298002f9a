import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --name <what>` writes the next migration; commit it. */
export default defineConfig({
  dialect: 'postgresql',
  schema: ['./src/store/database/schema.ts', './src/store/database/feedback-schema.ts'],
  out: './src/store/migrations',
});
