import { readFileSync } from 'node:fs';
import { Consistency } from '../../src/contracts/health.ts';
import { RunningServer, secret } from '../../test/running-server.ts';
import { startScript } from '../servers.ts';

export interface MemoryFigures {
  readonly issues: number;
  /** Resident megabytes of launcher and server together. */
  readonly idle: number;
  readonly peak: number;
  readonly afterwards: number;
}

const restMs = 30_000;

/** Resident memory of all processes before, during and 30 s after the last of many issues. */
export async function measureMemory(issues: number, rate: number): Promise<MemoryFigures> {
  const server = await RunningServer.create({ LOG_LEVEL: 'warn' });
  try {
    await server.start();
    const idle = resident(server.pids());
    let peak = idle;
    const watch = setInterval(() => {
      peak = Math.max(peak, resident(server.pids()));
    }, 500);
    const args = [server.ports.ingress, rate, Math.ceil(issues / rate), secret, 1].map(String);
    const { line } = await startScript('load/open-loop.ts', args);
    const { refused } = JSON.parse(line) as { refused: number };
    if (refused > 0) throw new Error(`${refused} webhooks were refused`);
    for (;;) {
      const response = await fetch(`${server.url}/health/consistency`);
      const state = Consistency.parse(await response.json());
      if (state.kafka_consumer_lag + state.outbox === 0 && state.database_records >= issues) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await new Promise((resolve) => setTimeout(resolve, restMs));
    clearInterval(watch);
    return { issues, idle, peak, afterwards: resident(server.pids()) };
  } finally {
    await server.remove();
  }
}

const resident = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return sum + Number(kilobytes ?? 0) / 1024;
  }, 0);
