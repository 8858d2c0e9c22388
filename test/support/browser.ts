import { existsSync } from 'node:fs';
import { describe, it } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** The usual paths of Chromium-based browsers. CHROMIUM_PATH gives any other path. */
const BROWSER_PATHS = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const browserPath = BROWSER_PATHS.find((path): path is string => path !== undefined && existsSync(path));

if (browserPath === undefined && process.env.CI === 'true') throw new Error('CI needs a browser: install chromium');

// Tests that need a browser are skipped where none is installed. CI has one.
export const describeInBrowser = browserPath === undefined ? describe.skip : describe;
export const itInBrowser = browserPath === undefined ? it.skip : it;

export function launchBrowser(): Promise<Browser> {
  const executablePath = browserPath ?? '';
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet] });
}
