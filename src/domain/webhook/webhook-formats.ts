import { standardFormat } from './standard-format';
import type { WebhookFormat } from './webhook-format';

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

/** The names of all formats, the native one first. */
export function formatNames(): string[] {
  return [...formatsByName.keys()];
}
