import type { Dialect } from '../dialect';
import { fusion } from './fusion';

/** Every vendor whose API is served; a new one is a folder and a line here. */
export const DIALECTS: readonly Dialect[] = [fusion];
