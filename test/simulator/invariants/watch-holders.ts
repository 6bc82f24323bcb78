import { topics } from '../../../src/contracts/topics.ts';
import type { SimulatedPostgres } from '../database/simulated-postgres.ts';
import type { Session, Witness } from '../database/simulated-server.ts';
import { group } from '../services/node.ts';
import type { Journal } from '../workload/journal.ts';

/** The statement of `movePositions`: a batch that was taken in. */
const movesPositions = /^\s*update positions set next_offset = moved\./;
/** The statement of `settleSent`. */
const settlesSent = /delete from outbox o using done/;

/**
 * Watches that nobody commits what only a holder may: a classifier moves positions only of partitions that it has claimed
 * last, and a relay settles what it sent only while its lease is the newest.
 */
export class HolderWatch implements Witness {
  readonly #postgres: SimulatedPostgres;
  readonly #journal: Journal;
  readonly #pending = new Map<Session, string[]>();

  constructor(postgres: SimulatedPostgres, journal: Journal) {
    this.#postgres = postgres;
    this.#journal = journal;
  }

  executed(
    session: Session,
    sql: string,
    values: readonly unknown[],
    rows: readonly Record<string, unknown>[],
  ): Promise<void> | undefined {
    if (movesPositions.test(sql) && values.includes(group)) return this.#lookAtOwners(session, values);
    if (settlesSent.test(sql) && rows.length > 0) return this.#lookAtLease(session, values);
    return undefined;
  }

  commits(session: Session): undefined {
    this.#journal.wrongs.push(...(this.#pending.get(session) ?? []));
    this.#pending.delete(session);
  }

  rolledBack(session: Session): void {
    this.#pending.delete(session);
  }

  /** Owners are members, and those are named after their process. */
  async #lookAtOwners(session: Session, [moved]: readonly unknown[]): Promise<void> {
    const partitions = (JSON.parse(String(moved)) as { partition: number }[]).map((each) => each.partition);
    const { rows } = await this.#postgres.query(
      'select partition, owner from positions where consumer = $1 and topic = $2 order by partition',
      [group, topics.raw],
    );
    const { name } = session.process;
    for (const { partition, owner } of rows) {
      if (!partitions.includes(Number(partition)) || String(owner).startsWith(`member of ${name}-`)) continue;
      this.#note(session, `${name} moves the position of ${partition}, which ${String(owner)} has claimed`);
    }
  }

  async #lookAtLease(session: Session, values: readonly unknown[]): Promise<void> {
    const { rows } = await this.#postgres.query(`select token, holder from leases where name = 'relay'`);
    const [lease] = rows;
    if (lease && values.includes(Number(lease.token))) return;
    const { name } = session.process;
    this.#note(session, `${name} settles what it sent, while ${String(lease?.holder)} has the lease`);
  }

  #note(session: Session, wrong: string): void {
    this.#pending.set(session, [...(this.#pending.get(session) ?? []), wrong]);
  }
}
