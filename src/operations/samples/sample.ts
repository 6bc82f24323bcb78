/**
 * The fictional issues of a first start. Times are given as minutes before the moment of sending, so that the
 * queue looks as if its repositories were alive.
 */
export interface SampleRepository {
  /** Below 0, where GitHub has none: that is what marks a sample everywhere. */
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly description: string;
  readonly language: string;
}

export interface SampleIssue {
  readonly number: number;
  /** Minutes before now at which it was opened. */
  readonly age: number;
  readonly author: string;
  readonly association?: 'NONE' | 'CONTRIBUTOR' | 'MEMBER' | 'OWNER';
  readonly title: string;
  readonly body: string | null;
  /** Labels that it was opened with. */
  readonly labels?: readonly string[];
  readonly later?: readonly SampleFollowUp[];
}

/** What happened to it later. `after` is minutes after it was opened. */
export type SampleFollowUp = { readonly after: number; readonly by: string } & (
  | { readonly what: 'commented'; readonly text: string }
  | { readonly what: 'edited'; readonly title?: string; readonly body?: string }
  | { readonly what: 'labeled'; readonly label: string }
  | { readonly what: 'assigned'; readonly to: string }
  | { readonly what: 'closed'; readonly reason: 'completed' | 'not_planned' }
  | { readonly what: 'reopened' }
);

export interface SampleProject {
  readonly repository: SampleRepository;
  readonly issues: readonly SampleIssue[];
}

export const hours = (n: number): number => n * 60;
export const days = (n: number): number => n * 24 * 60;
