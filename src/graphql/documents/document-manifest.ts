import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type DocumentRules, validDocument } from './document';

const manifestForm = z.union([
  // Of @apollo/generate-persisted-query-manifest, Apollo Kotlin and Apollo iOS.
  z
    .object({
      format: z.literal('apollo-persisted-query-manifest'),
      version: z.literal(1),
      operations: z.array(z.object({ id: z.string().min(1), body: z.string() })),
    })
    .transform(({ operations }) => operations.map(({ id, body }) => [id, body] as const)),
  // Of GraphQL Code Generator’s client preset, and of the Relay compiler.
  z.record(z.string().min(1), z.string()).transform((texts) => Object.entries(texts)),
]);

type Entry = readonly [id: string, text: string];

async function filesOf(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new Error(`PERSISTED_DOCUMENTS: there is no file or folder ${path}.`);
  if (!info.isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => /\.(json|graphql|gql)$/.test(name))
    .toSorted()
    .map((name) => join(path, name));
}

async function entriesOf(file: string): Promise<Entry[]> {
  const text = await readFile(file, 'utf8');
  if (!file.endsWith('.json')) return [[createHash('sha256').update(text).digest('hex'), text]];
  try {
    return manifestForm.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `PERSISTED_DOCUMENTS: ${file} must be JSON that maps ids to documents, or an Apollo persisted query manifest.`,
    );
  }
}

/**
 * Texts of documents by their ids, from a manifest, or from all manifests and documents of a folder. Throws a
 * sentence that names the first document which the server would not run.
 */
export async function readDocuments(path: string, rules: DocumentRules): Promise<Map<string, string>> {
  const textsById = new Map<string, string>();
  for (const file of await filesOf(path)) {
    for (const [givenId, text] of await entriesOf(file)) {
      const id = givenId.replace(/^sha256:/, '');
      const refuse = (reason: string): never => {
        throw new Error(`PERSISTED_DOCUMENTS: the document ${id} in ${file} ${reason}`);
      };
      if ((textsById.get(id) ?? text) !== text) refuse('has the id of another document.');
      try {
        validDocument(text, rules);
      } catch (error) {
        refuse(`cannot be served: ${(error as Error).message}`);
      }
      textsById.set(id, text);
    }
  }
  if (textsById.size === 0) throw new Error(`PERSISTED_DOCUMENTS: there is no document in ${path}.`);
  return textsById;
}
