import { SqliteFile } from '../support/sqlite-file.js';
import { withService } from '../support/services.js';
import { describeStore } from './behaviours/store.js';

const file = withService(new SqliteFile());

describeStore('SQLite in memory', () => 'sqlite::memory:');
describeStore('SQLite in a file', () => file.url);
