import { topics } from '../../src/contracts/topics.ts';
import type { Destination } from '../accepting-server.ts';
import { type Measured, ms, percent, whole } from '../measured.ts';
import { end, processorMs, startScript } from '../processes.ts';
import type { BenchStores } from '../stores/bench-stores.ts';
import { openBenchTopics } from '../stores/bench-topics.ts';

export interface AcceptFigures {
  readonly connections: number;
  readonly ingress: number;
  readonly floor: number;
  readonly ratio: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the server a webhook, in ms: it says more than the rest where the machine is busy. */
  readonly processor: { readonly ingress: number; readonly floor: number };
}

interface Load {
  readonly accepted: number;
  readonly perSecond: number;
  readonly refused: number;
  readonly p50: number;
  readonly p99: number;
}

interface Measurement extends Load {
  /** Of the server, a webhook. */
  readonly processorMs: number;
}

const secret = 'bench';
/** Before that a server is still compiling, and a webhook costs up to twice as much. */
const warmUpSeconds = 3;

export async function accept(stores: BenchStores, quick: boolean): Promise<Measured> {
  const figures: AcceptFigures[] = [];
  for (const connections of [1, 16, 64]) {
    figures.push(await measureAccept(stores, connections, quick ? 2 : 5, quick ? 1 : 3));
  }
  const append = stores.kind === 'embedded' ? 'append' : 'shared sends';
  const rows = figures.map((each) => ({
    what: `webhooks/s accepted, ${each.connections} connections`,
    figure: `${whole(each.ingress)} (p99 ${ms(each.p99)}, processor ${each.processor.ingress.toFixed(2)} ms)`,
    limit: `${whole(each.floor)} bare node:http + HMAC + ${append} (processor ${each.processor.floor.toFixed(2)} ms)`,
    ratio: percent(each.ratio),
    target: each.connections === 64 ? '≥ 70 %' : '',
  }));
  return { figures, rows };
}

/** Webhooks per second accepted durably by ingress alone, against its floor, in turns, the load from outside. */
async function measureAccept(
  stores: BenchStores,
  connections: number,
  seconds: number,
  rounds: number,
): Promise<AcceptFigures> {
  const ours: Measurement[] = [];
  const floors: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await accepted(stores, 'floor', connections, seconds));
    ours.push(await accepted(stores, 'ingress', connections, seconds));
  }
  const costOf = (loads: readonly Measurement[]) => median(loads.map((load) => load.processorMs));
  const middle = (loads: readonly Load[]) => median(loads.map((load) => load.perSecond));
  return {
    connections,
    ingress: middle(ours),
    floor: middle(floors),
    ratio: middle(ours) / middle(floors),
    p50: median(ours.map((load) => load.p50)),
    p99: median(ours.map((load) => load.p99)),
    processor: { ingress: costOf(ours), floor: costOf(floors) },
  };
}

type Kind = 'ingress' | 'floor';

async function accepted(
  stores: BenchStores,
  kind: Kind,
  connections: number,
  seconds: number,
): Promise<Measurement> {
  if (stores.kind === 'embedded') {
    return (await run(kind, { kind: 'embedded' }, connections, seconds)).measured;
  }
  // Its own topics each time: neither finds more on the broker than the other one did.
  const own = await openBenchTopics(stores.kafka);
  try {
    const { bootstrapServers: servers } = own.connection;
    const to: Destination = { kind: 'kafka', servers, topicNames: own.names };
    const { warmUp, measured } = await run(kind, to, connections, seconds);
    const stored = (await own.log.ranges(topics.raw)).reduce((sum, range) => sum + range.end, 0);
    if (stored !== warmUp.accepted + measured.accepted) {
      throw new Error(`${warmUp.accepted + measured.accepted} were accepted, ${stored} are stored`);
    }
    return measured;
  } finally {
    await own.dispose();
  }
}

async function run(kind: Kind, to: Destination, connections: number, seconds: number) {
  const server = await startScript({
    name: 'accepting-server.ts',
    args: [kind, secret, JSON.stringify(to)],
    asServer: kind === 'ingress',
  });
  const load = async (length: number): Promise<Load> => {
    const args = [server.line, String(connections), String(length), secret];
    const loaded = JSON.parse((await startScript({ name: 'load/closed-loop.ts', args })).line) as Load;
    if (loaded.refused > 0) throw new Error(`${loaded.refused} webhooks were refused by the ${kind}`);
    return loaded;
  };
  try {
    const warmUp = await load(warmUpSeconds);
    const before = processorMs(server.child);
    const loaded = await load(seconds);
    const used = (processorMs(server.child) - before) / loaded.accepted;
    return { warmUp, measured: { ...loaded, processorMs: used } };
  } finally {
    await end(server.child);
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
