import { days, hours, type SampleIssue } from './sample.ts';

export const harborOther: readonly SampleIssue[] = [
  {
    number: 108,
    age: days(16),
    author: 'lucasfdr',
    title: 'Support S3-compatible object storage with path-style addresses',
    body: `Our object store (Ceph) only speaks path-style, \`https://store/bucket/key\`. harbor always asks for \`https://bucket.store/key\`, which does not resolve here.

It would be great to have

\`\`\`yaml
storage:
  s3:
    endpoint: https://store.example.org
    addressing: path   # or: virtual-hosted (default)
\`\`\`

I could open a pull request if you agree with the name of the setting.`,
    labels: ['enhancement'],
    later: [
      {
        after: days(1),
        by: 'hanneloreb',
        what: 'commented',
        text: 'Agreed, and the name is good. A pull request is very welcome.',
      },
      { after: days(1), by: 'hanneloreb', what: 'labeled', label: 'help wanted' },
    ],
  },
  {
    number: 113,
    age: hours(2),
    author: 'grzegorz-m',
    title: 'Option for path-style S3 URLs (MinIO, Ceph)',
    body: `With MinIO behind one host name, virtual-hosted buckets do not work because there is no wildcard DNS. Please add an option to put the bucket in the path of the S3 URL. Other registries call it \`forcepathstyle\`.`,
  },
  {
    number: 109,
    age: days(5),
    author: 'anouk-v',
    title: 'How do I move a registry to another host without downtime?',
    body: `We want to move harbor from one VM to another. The data is about 900 GB on local disk. Is it enough to rsync the storage directory while the old one is running, then stop it, rsync again, and switch DNS? Or are there files that must not be copied while it runs?

I looked at the documentation on backups but it only speaks about S3. Thanks!`,
    later: [
      {
        after: hours(9),
        by: 'joakim-s',
        what: 'commented',
        text: 'Yes, blobs never change once written. Put the old one in read-only mode for the second pass.',
      },
      {
        after: hours(11),
        by: 'anouk-v',
        what: 'commented',
        text: 'That worked, 40 seconds of read-only in total.',
      },
      { after: hours(11) + 1, by: 'anouk-v', what: 'closed', reason: 'completed' },
    ],
  },
  {
    number: 110,
    age: days(2),
    author: 'ivy-tran',
    title: 'Docs: the example for OIDC login uses a setting that was renamed in 3.3',
    body: `https://harbor.example/docs/auth/oidc still says \`auth.oidc.claim\`. Since 3.3 it is \`auth.oidc.groups_claim\`, and harbor refuses to start with the old one. The changelog mentions it, the guide does not.`,
    later: [{ after: 30, by: 'hanneloreb', what: 'labeled', label: 'documentation' }],
  },
  {
    number: 112,
    age: hours(20),
    author: 'rashid-qa',
    association: 'CONTRIBUTOR',
    title: 'Retention rules by pull time, not only by push time',
    body: `## The problem
Rules such as "keep the last 20 pushed" remove images that are old and still in use. Our base images are pushed twice a year and pulled a thousand times a day. After the last clean-up all builds of one product failed for an afternoon.

## What I would like
A rule \`keep if pulled within N days\`, that can be combined with the others by *or*.

## Details to settle
- A pull by the vulnerability scanner or by replication must not count, or nothing will ever be removed.
- Writing a timestamp on each pull would be a write for each read. Rounded to a day, kept in memory and written every few minutes, it would be cheap, and losing a few minutes in a crash does no harm.
- Images that were there before the feature have no pull time. Treating them as pulled on the day of the upgrade is the careful choice.

## Alternatives considered
Labels on images that must be kept. It works until somebody forgets one.

I am willing to write it, with tests, if this sounds reasonable.`,
    later: [
      {
        after: hours(3),
        by: 'joakim-s',
        what: 'commented',
        text: 'Very reasonable. Let us settle the second point first.',
      },
    ],
  },
  {
    number: 114,
    age: 9,
    author: 'beatriz-o',
    title: 'Question: does the arm64 image support FIPS mode?',
    body: null,
  },
  {
    number: 115,
    age: hours(45),
    author: 'oskar-infra',
    title: 'Health endpoint answers 200 while the storage is read-only',
    body: `Our volume was remounted read-only after a disk error. \`/healthz\` went on answering 200, so the load balancer kept sending pushes to that node and every second push failed for six hours. Please let the check write and remove a small file, or at least look at the last write error.`,
    labels: ['bug'],
    later: [{ after: hours(2), by: 'hanneloreb', what: 'labeled', label: 'operations' }],
  },
];
