import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError } from 'graphql';
import { DomainError, type ErrorCode } from '../domain/error';
import type { GraphqlContext, HttpContext } from './context';
import { checkCost, LIMITS, limitRule } from './documents/limits';
import { Measurer } from './documents/measure';
import type { GateOptions } from './documents/operation';
import {
  type ErrorLog,
  EXECUTED_STATUS,
  formatError,
  logFailures,
  STATUS,
  withoutSuggestions,
} from './errors';
import { CompiledQueries, compiledExecution } from './execution/execute';
import { keyedMutations } from './execution/keyed-mutations';
import { KnownOperations } from './execution/known-operations';
import { outcomes } from './operation-watch';

/** How the GraphQL server is set up. */
export interface GraphqlServerOptions extends GateOptions {
  log: ErrorLog & { info: ErrorLog['warn']; debug: ErrorLog['warn'] };
}

const STANDARD_TYPE = 'application/graphql-response+json';

/** The media type of the answer to who accepts these. */
export function mediaTypeFor(accept = ''): string {
  return `${accept.includes(STANDARD_TYPE) ? STANDARD_TYPE : 'application/json'}; charset=utf-8`;
}

/** A request that is refused before anything of it is executed. */
function refused(originalError: DomainError): GraphQLError {
  const extensions = { http: { status: STATUS[originalError.code] } };
  return new GraphQLError(originalError.message, { originalError, extensions });
}

/** Runs the document that the door has found, instead of what Apollo would make of the request. */
const namedDocument: ApolloServerPlugin<HttpContext> = {
  async requestDidStart({ request, contextValue: { source } }) {
    Object.assign(request, { query: source, extensions: undefined });
  },
};

const subscriptionsElsewhere: ApolloServerPlugin<GraphqlContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation !== 'subscription') return;
        throw refused(new DomainError('INVALID', 'Subscriptions go over WebSocket.'));
      },
    };
  },
};

/** Refuses operations that cost too much, and shows the cost in every answer. */
function costLimit(maximum: number): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      let requested: number | undefined;
      return {
        async didResolveOperation({ schema, document, operation, request: { variables = {} } }) {
          if (!operation) return;
          const measure = new Measurer(schema, document, variables).operation(operation);
          requested = measure.records;
          try {
            checkCost(measure, maximum);
          } catch (error) {
            throw refused(error as DomainError);
          }
        },
        async willSendResponse({ response: { body } }) {
          if (requested === undefined || body.kind !== 'single') return;
          body.singleResult.extensions = { ...body.singleResult.extensions, cost: { requested, maximum } };
        },
      };
    },
  };
}

/** Writes down unexpected failures, and finishes the errors of every answer: request id and HTTP status. */
function errorAnswers(log: ErrorLog): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue }) {
          logFailures(log, errors, contextValue.ctx.requestId);
        },
        async willSendResponse({ response: { http, body }, contextValue, request }) {
          const accept = request.http?.headers.get('accept') ?? '';
          const isStandard = accept.includes(STANDARD_TYPE);
          http.headers.set('content-type', mediaTypeFor(accept));
          // Who asks for the older media type gets its statuses: only requests that are no GraphQL at all are 4xx.
          if (!isStandard && accept.includes('application/json') && http.status === STATUS.INVALID) {
            http.status = 200;
          }
          if (body.kind !== 'single' || !body.singleResult.errors) return;
          const { requestId } = contextValue.ctx;
          body.singleResult.errors = body.singleResult.errors.map((error) => ({
            ...error,
            // An answer that is sent again names the request that it came of.
            extensions: { requestId, ...error.extensions },
          }));
          for (const { extensions } of body.singleResult.errors) {
            const status = EXECUTED_STATUS[extensions?.code as ErrorCode];
            if (status === undefined) continue;
            http.status = status;
            const { retryAfterSeconds } = extensions as { retryAfterSeconds?: number };
            if (retryAfterSeconds !== undefined) http.headers.set('retry-after', String(retryAfterSeconds));
          }
        },
      };
    },
  };
}

/** Apollo Server with the schema, the limits and the compiled execution, which still has to be started; and its short cut. */
export function graphqlServer({ schema, isProduction, log, maxCost = LIMITS.cost }: GraphqlServerOptions) {
  const queries = new CompiledQueries(schema);
  const known = new KnownOperations(queries, { schema, maxCost });
  const apollo = new ApolloServer<HttpContext>({
    schema,
    introspection: !isProduction,
    // Apollo’s own way, hideSchemaDetailsFromClientErrors, takes minutes for a value of a megabyte that is made for it.
    validationOptions: { hideSuggestions: isProduction },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // To the byte what the short cut answers; Apollo's default adds a line feed.
    stringifyResult: JSON.stringify,
    nodeEnv: isProduction ? 'production' : 'development',
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: [limitRule],
    formatError: (_, error) => {
      const formatted = formatError(error);
      return isProduction ? withoutSuggestions(formatted) : formatted;
    },
    logger: apolloLogger(log),
    plugins: [
      // Its default would put a wrapper around every field.
      ApolloServerPluginCacheControlDisabled(),
      namedDocument,
      subscriptionsElsewhere,
      costLimit(maxCost),
      known.plugin,
      compiledExecution(queries, log),
      keyedMutations(schema, log),
      errorAnswers(log),
      outcomes,
    ],
  });
  return { apollo, known };
}

function apolloLogger(log: GraphqlServerOptions['log']) {
  const at = (level: keyof typeof log) => (message: unknown) => log[level]({}, String(message));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
