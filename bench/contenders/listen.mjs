// What every contender does when it is ready: says where it listens, and ends when it is told to.

/** The settings that the bench gives a contender. */
export const { SUPERUSER_URL: DATABASE_URL, ACCOUNT_ID } = process.env;

/** Connections to PostgreSQL, for every contender the same. */
export const POOL_SIZE = 16;

/** Opens a Node.js server at a free port and tells the bench. */
export function listen(server) {
  server.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${server.address().port}`));
}

/** Tells the bench where the contender listens. */
export function ready(url) {
  process.on('SIGTERM', () => process.exit(0));
  process.on('disconnect', () => process.exit(0));
  process.send({ url });
}
