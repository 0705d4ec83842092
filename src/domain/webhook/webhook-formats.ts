import { standardFormat } from './standard-format';
import type { ChangeFilters } from './webhook.rules';
import { type OutboundEvent, type WebhookFormat, WHOLE } from './webhook-format';

const formatsByName = new Map([[standardFormat.name, standardFormat]]);

/** Makes a format known, such as that of a vendor. Throws when another has its name. */
export function registerFormat(format: WebhookFormat): void {
  const known = formatsByName.get(format.name);
  if (known && known !== format) throw new Error(`Two webhook formats are called ${format.name}.`);
  formatsByName.set(format.name, format);
}

/** The format of a name, or undefined. */
export function formatOf(name: string): WebhookFormat | undefined {
  return formatsByName.get(name);
}

/** The messages that an endpoint gets of an event that it wants. */
export function partsFor(
  { format, filters }: { format: string; filters: ChangeFilters },
  event: OutboundEvent,
): readonly string[] {
  return formatOf(format)?.parts?.(event, filters) ?? [WHOLE];
}

/** How long all tries of a delivery take together, by format. */
export function retryWindows(): { format: string; windowMs: number }[] {
  return [...formatsByName.values()].map(({ name, retryDelaysMs }) => ({
    format: name,
    windowMs: retryDelaysMs.reduce((sum, delayMs) => sum + delayMs, 0),
  }));
}

/** The names of all formats, the native one first. */
export function formatNames(): string[] {
  return [...formatsByName.keys()];
}
