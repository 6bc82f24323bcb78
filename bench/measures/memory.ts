import { readFileSync } from 'node:fs';
import { Consistency } from '../../src/contracts/health.ts';
import { secret } from '../../test/running-server.ts';
import { type Measured, whole } from '../measured.ts';
import { startScript } from '../processes.ts';
import { againstUp } from '../stores/against-installation.ts';
import type { BenchStores } from '../stores/bench-stores.ts';

export interface MemoryFigures {
  readonly issues: number;
  /** Resident megabytes of launcher and server together. */
  readonly idle: number;
  readonly peak: number;
  readonly afterwards: number;
}

const restMs = 30_000;

/** Resident memory of all processes before, during and 30 s after the last of many issues. */
export async function memory(stores: BenchStores, quick: boolean): Promise<Measured> {
  const figures = await measureMemory(stores, quick ? 10_000 : 100_000, 800);
  const row = {
    what: `resident memory 30 s after ${whole(figures.issues)} issues`,
    figure: `${whole(figures.afterwards)} MB (idle ${whole(figures.idle)}, peak ${whole(figures.peak)})`,
    target: stores.kind === 'embedded' ? '≤ 450 MB' : '',
  };
  return { figures, rows: [row] };
}

function measureMemory(stores: BenchStores, issues: number, rate: number): Promise<MemoryFigures> {
  return againstUp(stores, async (server) => {
    const idle = resident(server.pids());
    let peak = idle;
    const watch = setInterval(() => {
      peak = Math.max(peak, resident(server.pids()));
    }, 500);
    const args = [server.ports.ingress, rate, Math.ceil(issues / rate), secret, 1].map(String);
    const { line } = await startScript({ name: 'load/open-loop.ts', args });
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
  });
}

const resident = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return sum + Number(kilobytes ?? 0) / 1024;
  }, 0);
