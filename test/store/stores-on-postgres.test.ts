import { TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { describeStore } from './behaviours/store.js';

const postgres = withService(new TestPostgres());

describeStore('PostgreSQL', () => postgres.databaseUrl());
