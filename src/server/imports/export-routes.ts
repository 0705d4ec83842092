import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../domain/context';
import { DomainError, invalid } from '../../domain/error';
import { readExportToken } from '../../domain/import-job/export-address';
import { exportedFields, exportRows, parentOf } from '../../domain/import-job/export-rows';
import type { ImportKind } from '../../domain/import-job/import-job.entity';
import { csvHeaders, mountFileRoutes, signedIn, type TransferOptions, tokenOf } from './transfer-door';

interface ExportQuery {
  audience?: string;
  feed?: string;
  bom?: string;
}

type ExportFileRequest = FastifyRequest<{ Querystring: ExportQuery }>;

interface Asked {
  ctx: Context;
  parentId: string | null;
}

async function askedByKey(
  request: ExportFileRequest,
  kind: ImportKind,
  options: TransferOptions,
): Promise<Asked> {
  const ctx = await signedIn(request, options.signIn);
  ctx.require(`${kind}:read`);
  const ref = kind === 'contacts' ? request.query.audience : request.query.feed;
  if (kind === 'contacts' && ref === undefined)
    throw invalid({ audience: ['Name the audience: /exports/contacts.csv?audience=<id>.'] });
  return { ctx, parentId: ref === undefined ? null : await parentOf(ctx, kind, ref) };
}

async function askedOf(
  request: ExportFileRequest,
  kind: ImportKind,
  options: TransferOptions,
): Promise<Asked> {
  const token = tokenOf(request);
  if (token === undefined) return askedByKey(request, kind, options);
  const known = readExportToken(options.vault, token, options.now());
  if (known?.kind !== kind)
    throw new DomainError(
      'UNAUTHENTICATED',
      'The address is too old, or of another file: ask for a new one.',
    );
  return { ctx: await options.contextOf(known.accountId), parentId: known.parentId };
}

async function* csvOf({ ctx, parentId }: Asked, kind: ImportKind, hasBom: boolean): AsyncGenerator<string> {
  yield `${hasBom ? '\ufeff' : ''}${stringify([exportedFields(kind)])}`;
  for await (const rows of exportRows(ctx, kind, parentId)) yield stringify(rows);
}

/** All contacts of an audience and all leads as files: `/exports/contacts.csv?audience=…` and `/exports/leads.csv`. */
export async function mountExportRoutes(app: FastifyInstance, options: TransferOptions): Promise<void> {
  await mountFileRoutes(app, (scope) => {
    for (const kind of ['contacts', 'leads'] as const) {
      scope.get(`/exports/${kind}.csv`, async (request: ExportFileRequest, reply): Promise<FastifyReply> => {
        const asked = await askedOf(request, kind, options);
        const { bom } = request.query;
        const rows = csvOf(asked, kind, bom === '1' || bom === 'true');
        return csvHeaders(reply, `${kind}.csv`).send(Readable.from(rows));
      });
    }
  });
}
