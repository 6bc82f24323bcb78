import { describeEventLog } from '../conformance/event-log-conformance.ts';
import { EmbeddedLogFixture } from './embedded-log.fixture.ts';

describeEventLog('the embedded log', { create: (overrides) => EmbeddedLogFixture.open(overrides) });
