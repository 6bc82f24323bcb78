import { topics } from '../../../src/contracts/topics.ts';
import { describeEventLog } from '../../../src/log/conformance/event-log-conformance.ts';
import { keysOf, record } from '../../../src/log/conformance/harness.ts';
import { Random } from '../engine/random.ts';
import { Scheduler } from '../engine/scheduler.ts';
import { SimulatedProcess } from '../engine/simulated-process.ts';
import { Trace } from '../engine/trace.ts';
import { SimulatedBroker } from './simulated-broker.ts';
import { SimulatedLog } from './simulated-log.ts';

let opened = 0;

// The simulated log without faults, its scheduler always running.
describeEventLog('the simulated log', {
  create: async (overrides) => {
    opened += 1;
    const random = new Random(`conformance ${opened}`);
    const scheduler = new Scheduler(random.fork('scheduler'), new Trace());
    const process = new SimulatedProcess('the test', scheduler, random, Date.now());
    const broker = new SimulatedBroker(() => process.clock.now(), overrides, `log ${opened} `);
    let running = true;
    const run = async () => {
      while (running) {
        await scheduler.run({ time: scheduler.time });
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const ended = run();
    const fixture = {
      log: new SimulatedLog(process, broker),
      reopen: async () => {
        await fixture.log.close();
        fixture.log = new SimulatedLog(process, broker);
      },
      leaveGaps: async () => {
        const [before = '', often = '', after = ''] = keysOf(0, 3);
        const place = { topic: topics.enriched, partition: 0 };
        const keys = [before, often, often, often, after];
        await fixture.log.append(keys.map((key) => record(key, '', { topic: place.topic })));
        broker.partition(place).compact();
        return place;
      },
      dispose: async () => {
        await fixture.log.close();
        running = false;
        await ended;
      },
    };
    return fixture;
  },
});
