import { existsSync } from 'node:fs';
import { describe, it } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Where Chromium and its relatives are as a rule. CHROMIUM_PATH names any other place. */
const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const browserPath = PLACES.find((path): path is string => path !== undefined && existsSync(path));

if (browserPath === undefined && process.env.CI === 'true') throw new Error('CI needs a browser: install chromium');

// Nobody has to install a browser to run the tests; CI has one.
export const describeInBrowser = browserPath === undefined ? describe.skip : describe;
export const itInBrowser = browserPath === undefined ? it.skip : it;

export function launchBrowser(): Promise<Browser> {
  const executablePath = browserPath ?? '';
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet] });
}
