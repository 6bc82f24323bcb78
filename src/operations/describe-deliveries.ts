import type { IssueKey } from '../contracts/issue.ts';
import type { Queries } from '../database/database.ts';
import { readPayloadsOf } from '../database/delivery-reads.ts';
import { decompressSmallPayload } from '../database/payload-bytes.ts';
import { describeEvent } from '../github/describe-event.ts';

/** Deliveries whose payload is read again for one view of an issue: some 10 ms of work in all. */
const described = 50;
/** Compressed and not. GitHub's usual payload has 12 KB; one that is larger goes without its sentence. */
const compressedBytes = 64 * 1024;
const payloadBytes = 512 * 1024;

/** What the newest deliveries of an issue were about, by delivery id, where their stored payloads say it. */
export async function describeDeliveries(
  queries: Queries,
  key: IssueKey,
): Promise<ReadonlyMap<string, string>> {
  const stored = await readPayloadsOf(queries, key, { newest: described, bytes: compressedBytes });
  const told = await Promise.all(
    stored.map(async ({ deliveryId, event, payload }) => {
      const json = await decompressSmallPayload(payload, payloadBytes);
      const detail = json && describeEvent(event, json);
      return detail ? ([[deliveryId, detail]] as const) : [];
    }),
  );
  return new Map(told.flat());
}
