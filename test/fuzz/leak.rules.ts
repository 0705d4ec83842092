// What an answer may say of the inside of the program: nothing.
const LEAKS: [what: string, pattern: RegExp][] = [
  ['a stack frame', /\bat (async )?[\w.<>[\] ]+ \(|:\d+:\d+\)|\n {4}at /],
  [
    'a file of the program',
    /node_modules|node:internal|\/(src|dist|work|home|usr|root|app)\/[\w./-]+|\.[cm]?[jt]s:\d+/,
  ],
  [
    'a statement',
    /\b(select|insert into|update|delete from)\b[\s\S]{1,400}\b(from|values|set|where)\b[\s\S]{0,80}[$"=]/i,
  ],
  [
    'words of PostgreSQL',
    /violates |invalid input (syntax|value)|syntax error at|does not exist at|relation "|column "|operator does not|out of range for type|value too long|invalid byte sequence|deadlock|could not serialize|statement timeout|pg_\w+|duplicate key/i,
  ],
  [
    'a library',
    /typeorm|queryfailed|zoderror|fastify|undici|busboy|luxon|libphonenumber|type-graphql|graphql-jit/i,
  ],
  ['a code or class of an error', /FST_|\bECONN|\bERR_[A-Z]|TypeError|RangeError|SyntaxError|ReferenceError/],
  [
    'words of the engine',
    /cannot read propert|is not a function|is not iterable|undefined \(|maximum call stack|invalid array length|unexpected token|unterminated string|in JSON at position/i,
  ],
];

// What graphql-js says of a document that it cannot read is about the document.
const OF_GRAPHQL = /Syntax Error: (?:[^"\\]|\\.)*/g;

// Access tokens, encrypted tokens and signing keys: by chance their letters spell a short word such as `pg_a`.
const BY_CHANCE = /\beyJ[\w-]+\.[\w-]+\.[\w-]+|\bv1(\.[\w-]+){4}|\bwh(sec|pk)_[\w+/]+=*/g;

/** What of the inside a text tells; undefined when it is nothing. */
export function leakIn(said: string, secrets: readonly string[]): string | undefined {
  const text = said.replaceAll(OF_GRAPHQL, '').replaceAll(BY_CHANCE, '');
  const secret = secrets.find((one) => text.includes(one));
  if (secret !== undefined) return `another account's ${secret}`;
  const [what, pattern] = LEAKS.find(([, one]) => one.test(text)) ?? [];
  return pattern && `${what}: ${pattern.exec(text)?.[0]}`;
}
