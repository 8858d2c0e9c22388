import { describeDailyFiles } from './behaviours/import.js';

describeDailyFiles('SQLite', () => 'sqlite::memory:');
