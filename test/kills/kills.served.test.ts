import { describe, inject } from 'vitest';
import { killsAndReplay } from './kills-and-replay.ts';
import { openServedInstallation } from './served-installation.ts';

describe('every service in turn, killed with -9 during 5,000 webhooks, on Kafka and PostgreSQL', () => {
  killsAndReplay('Kafka and PostgreSQL', () => openServedInstallation(inject('databaseUrl')));
});
