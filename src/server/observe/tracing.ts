import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Span as OtelSpan, TextMapPropagator, Tracer } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Span, Trace } from '../../domain/trace';

/** Traces of this process, on their way to a collector. */
export interface Tracing {
  trace: Trace;
  /** Makes a span of every request, which goes on with the trace of the caller. */
  mount: (app: FastifyInstance) => void;
  /** Sends what is there, for a moment at most. */
  close: () => Promise<void>;
}

const CLOSE_WITHIN_MS = 2_000;
/** Asked all the time, by machines that want no trace. */
const QUIET_ROUTES = new Set(['/healthz', '/readyz', '/metrics']);

// Loaded only when they are needed; OTEL_ variables other than the endpoint are read by the packages themselves.
async function loadPackages() {
  const [api, core, sdk, resources, exporter] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  return { api, core, sdk, resources, exporter };
}

/** What became of the work; messages may quote what callers sent, so only the kind of a failure is told. */
function failureKind(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code ?? name ?? typeof error);
}

type Packages = Awaited<ReturnType<typeof loadPackages>>;

/** What makes spans, sends them by OTLP over HTTP to the endpoint, and warns when they cannot be sent. */
function providerOf({ api, sdk, resources, exporter }: Packages, endpoint: string, logger: Logger) {
  api.diag.setLogger(
    {
      error: () => logger.warn('traces could not be sent'),
      ...{ warn: () => {}, info: () => {}, debug: () => {}, verbose: () => {} },
    },
    api.DiagLogLevel.ERROR,
  );
  const processor = new sdk.BatchSpanProcessor({
    exporter: new exporter.OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
  });
  const named = resources.detectResources({ detectors: [resources.envDetector] });
  return new sdk.TracerProvider({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ 'service.name': 'switchboard' }))
      .merge(named),
    spanProcessors: [processor],
  });
}

/** What spans are made with, and where the one that is open is kept. */
interface SpanMaking {
  api: Packages['api'];
  tracer: Tracer;
  propagator: TextMapPropagator;
  active: AsyncLocalStorage<Context>;
}

function traceBy({ api, tracer, propagator, active }: SpanMaking): Trace {
  const kinds = { internal: api.SpanKind.INTERNAL, client: api.SpanKind.CLIENT };
  const handleOf = (span: OtelSpan, context: Context): Span => ({
    note: (facts) => span.setAttributes(facts),
    headers() {
      const headers: Record<string, string> = {};
      propagator.inject(context, headers, api.defaultTextMapSetter);
      return headers;
    },
  });
  return async ({ name, kind, facts = {}, isPart }, work) => {
    const parent = active.getStore();
    if (isPart && !parent) return work({ note: () => {}, headers: () => ({}) });
    const outer = parent ?? api.ROOT_CONTEXT;
    const span = tracer.startSpan(name, { kind: kinds[kind], attributes: facts }, outer);
    const context = api.trace.setSpan(outer, span);
    try {
      return await active.run(context, () => work(handleOf(span, context)));
    } catch (error) {
      span.setStatus({ code: api.SpanStatusCode.ERROR }).setAttribute('error.type', failureKind(error));
      throw error;
    } finally {
      span.end();
    }
  };
}

/** Makes a span of every request. */
function traceRequests(app: FastifyInstance, { api, tracer, propagator, active }: SpanMaking): void {
  const contextsByRequest = new WeakMap<FastifyRequest, { span: OtelSpan; context: Context }>();
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, routeOptions, headers } = request;
    const route = routeOptions.url ?? 'none';
    if (QUIET_ROUTES.has(route)) return done();
    const outer = propagator.extract(api.ROOT_CONTEXT, headers, api.defaultTextMapGetter);
    const attributes = {
      ...{ 'http.request.method': method, 'http.route': route },
      'switchboard.request_id': request.id,
    };
    const span = tracer.startSpan(`${method} ${route}`, { kind: api.SpanKind.SERVER, attributes }, outer);
    const context = api.trace.setSpan(outer, span);
    contextsByRequest.set(request, { span, context });
    active.run(context, done);
  });
  // A body is read in a context of its own.
  app.addHook('preValidation', (request, _reply, done) => {
    const context = contextsByRequest.get(request)?.context;
    if (context) active.run(context, done);
    else done();
  });
  app.addHook('onResponse', async (request, { statusCode }) => {
    const span = contextsByRequest.get(request)?.span;
    span?.setAttributes({ 'http.response.status_code': statusCode, 'switchboard.door': request.door });
    if (statusCode >= 500) span?.setStatus({ code: api.SpanStatusCode.ERROR });
    span?.end();
  });
}

/** Starts to send traces by OTLP over HTTP to the endpoint. */
export async function startTracing(endpoint: string, logger: Logger): Promise<Tracing> {
  const packages = await loadPackages();
  const { api, core } = packages;
  const provider = providerOf(packages, endpoint, logger);
  const making: SpanMaking = {
    api,
    tracer: provider.getTracer('switchboard'),
    propagator: new core.W3CTraceContextPropagator(),
    active: new AsyncLocalStorage<Context>(),
  };
  return {
    trace: traceBy(making),
    mount: (app) => traceRequests(app, making),
    async close() {
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, CLOSE_WITHIN_MS).unref();
      });
      await Promise.race([provider.shutdown().catch(() => {}), late]);
      api.diag.disable();
    },
  };
}
