/** How many names of `preload.mjs` there are that change their address, each once. */
export const CHANGING_NAMES = 40;
