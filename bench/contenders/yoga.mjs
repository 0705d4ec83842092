// GraphQL Yoga on node:http, on the equal loaders.
import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { listen } from './listen.mjs';
import { loaders, schema } from './schema.mjs';

listen(createServer(createYoga({ schema, context: loaders, logging: false, graphiql: false })));
