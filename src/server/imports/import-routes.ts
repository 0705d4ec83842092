import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../domain/context';
import { DomainError, notFound } from '../../domain/error';
import { importJobs, readUploadToken } from '../../domain/import-job/import-job.service';
import type { ImportFiles } from './import-files';
import { csvHeaders, mountFileRoutes, signedIn, type TransferOptions, tokenOf } from './transfer-door';

interface ImportRouteOptions extends TransferOptions {
  files: ImportFiles;
}

type JobRequest = FastifyRequest<{ Params: { id: string } }>;

/** Who may send the file: whoever knows the upload address, or a key that may import. */
async function uploader(
  request: JobRequest,
  { vault, contextOf, signIn }: TransferOptions,
): Promise<Context> {
  const token = tokenOf(request);
  if (token === undefined) return signedIn(request, signIn);
  const accountId = readUploadToken(vault, request.params.id, token);
  if (!accountId) throw new DomainError('UNAUTHENTICATED', 'The token is none of this import.');
  return contextOf(accountId);
}

async function takeFile(
  request: JobRequest,
  reply: FastifyReply,
  options: ImportRouteOptions,
): Promise<FastifyReply> {
  const { files } = options;
  const ctx = await uploader(request, options);
  const { id } = await importJobs.waiting(ctx, request.params.id);
  const body = request.raw;
  const stored = await files.store(body).catch((error) => {
    if (error instanceof DomainError) throw error;
    const message = body.destroyed && !body.complete ? 'The file did not come to its end.' : undefined;
    throw message ? new DomainError('INVALID', message, { cause: error }) : error;
  });
  try {
    const job = await importJobs.start(ctx, id, stored);
    return reply.code(202).send({ id: job.id, status: job.status, fileBytes: job.fileBytes });
  } catch (error) {
    await files.remove(stored.storedAs);
    throw error;
  }
}

/** The files of imports: they are sent to `/imports/<id>`, and what became of their rows is `/imports/<id>/results.csv`. */
export async function mountImportRoutes(app: FastifyInstance, options: ImportRouteOptions): Promise<void> {
  await mountFileRoutes(app, (scope) => {
    for (const method of ['PUT', 'POST'] as const) {
      scope.route({
        ...{ method, url: '/imports/:id', config: { isStreamed: true } },
        handler: (request: JobRequest, reply: FastifyReply) => takeFile(request, reply, options),
      });
    }
    scope.get('/imports/:id/results.csv', async (request: JobRequest, reply) => {
      const ctx = await signedIn(request, options.signIn);
      const job = await importJobs.get(ctx, request.params.id);
      if (job.status === 'uploading') throw notFound('Import');
      return csvHeaders(reply, `import-${job.number}-results.csv`).send(
        options.files.readResults(job.id, job.resultsBytes),
      );
    });
  });
}
