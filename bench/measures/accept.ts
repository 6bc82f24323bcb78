import { end, startScript } from '../servers.ts';

export interface AcceptFigures {
  readonly connections: number;
  readonly ingress: number;
  readonly floor: number;
  readonly ratio: number;
  readonly p50: number;
  readonly p99: number;
}

interface Load {
  readonly perSecond: number;
  readonly refused: number;
  readonly p50: number;
  readonly p99: number;
}

const secret = 'bench';

/** Webhooks per second accepted durably by ingress alone, against its floor, in turns, the load from outside. */
export async function measureAccept(
  connections: number,
  seconds: number,
  rounds: number,
): Promise<AcceptFigures> {
  const ours: Load[] = [];
  const floors: Load[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await once('floor', connections, seconds));
    ours.push(await once('ingress', connections, seconds));
  }
  const best = (loads: readonly Load[]) => median(loads.map((load) => load.perSecond));
  const refused = [...ours, ...floors].reduce((sum, load) => sum + load.refused, 0);
  if (refused > 0) throw new Error(`${refused} webhooks were refused`);
  return {
    connections,
    ingress: best(ours),
    floor: best(floors),
    ratio: best(ours) / best(floors),
    p50: median(ours.map((load) => load.p50)),
    p99: median(ours.map((load) => load.p99)),
  };
}

async function once(kind: 'ingress' | 'floor', connections: number, seconds: number): Promise<Load> {
  const server = await startScript('accepting-server.ts', [kind, secret]);
  const run = (length: number) =>
    startScript('load/closed-loop.ts', [server.line, String(connections), String(length), secret]);
  try {
    await run(1);
    const { line } = await run(seconds);
    return JSON.parse(line) as Load;
  } finally {
    await end(server.child);
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
