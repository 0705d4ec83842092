import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { OperationReport } from '../../graphql/operation-watch';
import type { PoolUse } from '../database/connections';
import type { Backlog } from './backlog';

/** WebSockets of this process at this moment. */
export interface SocketUse {
  sockets: number;
  subscriptions: number;
}

/** A request that was answered. */
export interface AnsweredRequest {
  /** `graphql`, the name of a dialect, or `other`. */
  door: string;
  method: string;
  /** The pattern of the path, never the path. */
  route: string;
  status: number;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What a process counts of its work. Labels are of closed sets: no account, no path, no name is among them. */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  private readonly requests = new Counter({
    name: 'switchboard_http_requests_total',
    help: 'HTTP requests that were answered.',
    labelNames: ['door', 'method', 'route', 'status'],
    registers: this.registers,
  });

  private readonly durations = new Histogram({
    name: 'switchboard_request_duration_seconds',
    help: 'Time until an answer; at the door ws of one operation, with its error code or OK as status.',
    labelNames: ['door', 'status'],
    buckets: SECONDS,
    registers: this.registers,
  });

  private readonly operations = new Counter({
    name: 'switchboard_graphql_operations_total',
    help: 'GraphQL operations by their first error code; OK for none. Subscriptions are counted at their start.',
    labelNames: ['door', 'type', 'code'],
    registers: this.registers,
  });

  private readonly attempts = new Counter({
    name: 'switchboard_webhook_attempts_total',
    help: 'Webhook requests by what became of the delivery; pending will be tried again.',
    labelNames: ['status'],
    registers: this.registers,
  });

  /** Counts what the process itself uses: memory, processor, event loop. */
  addProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  addPool(use: () => PoolUse): void {
    const gauge = new Gauge({
      name: 'switchboard_database_connections',
      help: 'Connections of this process to PostgreSQL, and who waits for one.',
      labelNames: ['state'],
      registers: this.registers,
      collect: () => {
        for (const [state, count] of Object.entries(use())) gauge.set({ state }, count);
      },
    });
  }

  addSockets(use: () => SocketUse): void {
    this.addGauge('sockets_open', 'WebSockets of this process.', () => use().sockets);
    this.addGauge('subscriptions_open', 'Subscriptions of this process.', () => use().subscriptions);
  }

  /** Numbers of the whole installation, which every process tells alike; undefined while they are not known. */
  addBacklog(read: () => Promise<Backlog | undefined>): void {
    const add = (name: string, help: string, key: keyof Backlog) =>
      this.addGauge(name, help, async () => (await read())?.[key] ?? Number.NaN);
    this.addGauge('database_up', 'Whether PostgreSQL answers.', async () => Number(Boolean(await read())));
    add('webhook_deliveries_pending', 'Deliveries that wait, up to 10,000.', 'pendingDeliveries');
    add('webhook_delivery_oldest_seconds', 'Age of the oldest of these.', 'oldestDeliverySeconds');
    add('change_log_lag_events', 'Entries that no webhook has been told of yet, up to 10,000.', 'lagEvents');
    add('change_log_lag_seconds', 'Age of the oldest of these.', 'lagSeconds');
  }

  countRequest({ door, method, route, status }: AnsweredRequest, seconds: number): void {
    this.requests.inc({ door, method, route, status });
    this.durations.observe({ door, status }, seconds);
  }

  countOperation({ door, type, code }: OperationReport, seconds: number): void {
    this.operations.inc({ door, type, code });
    if (door === 'ws') this.durations.observe({ door, status: code }, seconds);
  }

  countAttempt(status: string): void {
    this.attempts.inc({ status });
  }

  private addGauge(name: string, help: string, read: () => number | Promise<number>): void {
    const gauge: Gauge = new Gauge({
      ...{ name: `switchboard_${name}`, help, registers: this.registers },
      collect: async () => gauge.set(await read()),
    });
  }
}
