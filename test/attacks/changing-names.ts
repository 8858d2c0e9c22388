/** How many host names `preload.mjs` resolves to another address from the second lookup on. Each is used once. */
export const CHANGING_NAMES = 40;
