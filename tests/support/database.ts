/** A PostgreSQL that tests may fill: `.ci/postgres.sh` starts one. */
export const testDatabaseUrl: string | undefined = process.env.MITATE_TEST_DATABASE_URL;
