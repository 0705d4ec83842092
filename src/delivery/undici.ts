/** undici, read with the first request that goes out: a start that need not is shorter. */
export const undici = (): typeof import('undici') => require('undici');
