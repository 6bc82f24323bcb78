import { z } from 'zod';
import { topics } from '../contracts/topics.ts';
import type { NewRecord } from '../log/event-log.ts';
import type { Installation } from './installation.ts';

/** HTTP over the data directory's Unix socket: `POST /<method>` with JSON, answered by JSON. */
export const methods = [
  'status',
  'consistency',
  'deleteIssue',
  'eraseIssue',
  'removeSamples',
  'append',
  'groups',
  'seekGroup',
  'lag',
] as const;
export type Method = (typeof methods)[number];

/** An import appends half a megabyte at a time; base64 and one large issue fit well below this. */
export const largestBody = 32 * 1024 * 1024;

const IssueArguments = z.union([
  z.strictObject({ repository: z.string(), number: z.number().int() }),
  z.strictObject({ repositoryId: z.number().int(), number: z.number().int() }),
]);
const EraseArguments = z.strictObject({ issue: IssueArguments, why: z.string(), execute: z.boolean() });
const SeekArguments = z.strictObject({
  group: z.string().nullable(),
  to: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('start') }),
    z.strictObject({ kind: z.literal('end') }),
    z.strictObject({ kind: z.literal('offset'), offset: z.number().int().min(0) }),
    z.strictObject({ kind: z.literal('time'), time: z.number() }),
  ]),
  partition: z.number().int().min(0).nullable(),
  execute: z.boolean(),
  why: z.string(),
});
const AppendArguments = z.array(
  z.strictObject({
    topic: z.literal(topics.raw),
    key: z.string(),
    value: z.base64(),
    headers: z.record(z.string(), z.string()),
    timestamp: z.number().optional(),
  }),
);

/** Values of records are bytes, which JSON has not. */
export const encodeRecords = (records: readonly NewRecord[]): unknown =>
  records.map((record) => ({ ...record, value: Buffer.from(record.value ?? []).toString('base64') }));

const decodeRecords = (encoded: unknown): readonly NewRecord[] =>
  AppendArguments.parse(encoded).map(({ timestamp, value, ...record }) => ({
    ...record,
    value: Buffer.from(value, 'base64'),
    ...(timestamp === undefined ? {} : { timestamp }),
  }));

/** Calls a method of the installation with arguments that came over the socket. */
export async function dispatch(installation: Installation, method: Method, body: unknown): Promise<unknown> {
  switch (method) {
    case 'status':
      return installation.status();
    case 'consistency':
      return installation.consistency();
    case 'deleteIssue':
      return installation.deleteIssue(IssueArguments.parse(body));
    case 'eraseIssue':
      return installation.eraseIssue(EraseArguments.parse(body));
    case 'removeSamples':
      return installation.removeSamples();
    case 'append':
      await installation.append(decodeRecords(body));
      return null;
    case 'groups':
      return installation.groups();
    case 'seekGroup':
      return installation.seekGroup(SeekArguments.parse(body));
    case 'lag':
      return installation.lag();
  }
}
