import type {
  API,
  describeGroupsV5,
  fetchV17,
  findCoordinatorV6,
  heartbeatV4,
  joinGroupV9,
  leaveGroupV5,
  listOffsetsV9,
  metadataV12,
  offsetCommitV9,
  produceV11,
  syncGroupV5,
} from '@platformatic/kafka';

/** The newest shape of each request that is sent here; older versions take the same arguments. */
export interface Requests {
  readonly DescribeGroups: typeof describeGroupsV5.api;
  readonly FindCoordinator: typeof findCoordinatorV6.api;
  readonly Fetch: typeof fetchV17.api;
  readonly Heartbeat: typeof heartbeatV4.api;
  readonly JoinGroup: typeof joinGroupV9.api;
  readonly LeaveGroup: typeof leaveGroupV5.api;
  readonly ListOffsets: typeof listOffsetsV9.api;
  readonly Metadata: typeof metadataV12.api;
  readonly OffsetCommit: typeof offsetCommitV9.api;
  readonly Produce: typeof produceV11.api;
  readonly SyncGroup: typeof syncGroupV5.api;
}

export type Arguments<Name extends keyof Requests> =
  Requests[Name] extends API<infer Given, infer _> ? Given : never;

/** A request without an answer is never sent, so `boolean` is none. */
export type Answer<Name extends keyof Requests> =
  Requests[Name] extends API<infer _, infer Response> ? Exclude<Response, boolean> : never;

export type FetchedPartition = Answer<'Fetch'>['responses'][number]['partitions'][number];
