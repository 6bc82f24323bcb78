import { describe } from 'vitest';
import { openEmbeddedInstallation } from './embedded-installation.ts';
import { killsAndReplay } from './kills-and-replay.ts';

describe('an embedded installation, killed with -9 during 5,000 webhooks', () => {
  killsAndReplay('embedded', openEmbeddedInstallation);
});
