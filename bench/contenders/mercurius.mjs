// Mercurius with its JIT, on the equal loaders.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { ready } from './listen.mjs';
import { loaders, schema } from './schema.mjs';

const app = Fastify();
app.register(mercurius, { schema, context: loaders, jit: 1 });
ready(await app.listen({ port: 0, host: '127.0.0.1' }));
