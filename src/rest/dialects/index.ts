import { registerFormat } from '../../domain/webhook/webhook-formats';
import type { Dialect } from '../dialect';
import { callingly } from './callingly';
import { epixel } from './epixel';
import { fusion } from './fusion';

/** Every vendor whose API is served; a new one is a folder and a line here. */
export const DIALECTS: readonly Dialect[] = [fusion, callingly, epixel];

/** Makes the webhook formats of all dialects known; every process that makes or sends webhooks has to. */
export function registerWebhookFormats(): void {
  for (const { webhookFormats = [] } of DIALECTS) webhookFormats.forEach(registerFormat);
}
