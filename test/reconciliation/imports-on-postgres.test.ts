import { TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { describeDailyFiles } from './behaviours/import.js';

const postgres = withService(new TestPostgres());

describeDailyFiles('PostgreSQL', () => postgres.databaseUrl());
