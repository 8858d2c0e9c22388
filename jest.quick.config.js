import config from './jest.config.js';
import { quickSuites } from './test/support/quick-suites.mjs';

/** @type {import('jest').Config} */
export default { ...config, testMatch: quickSuites() };
