import { days, hours, type SampleIssue } from './sample.ts';

export const harborBugs: readonly SampleIssue[] = [
  {
    number: 101,
    age: days(19),
    author: 'mirela-k',
    title: 'Push of a layer over 2 GB fails with "unexpected EOF" after exactly 60 seconds',
    body: `### What happened
Pushing an image with one large layer (a CUDA base, 2.4 GB) fails every time. Smaller images are fine.

### Steps to reproduce
1. Start harbor 3.4.1 with the default \`harbor.yaml\`
2. \`docker push registry.example.org/ml/base:12\`
3. Wait

### Expected
The layer is uploaded, however long it takes.

### Actual
\`\`\`
a3ed95caeb02: Pushing  1.61GB/2.41GB
unexpected EOF
\`\`\`

and in the server's log

\`\`\`
level=error msg="blob upload aborted" digest=sha256:9f3c… err="context deadline exceeded" elapsed=60.002s
\`\`\`

Always 60 s, so I suspect a hard-coded timeout rather than the network.

### Environment
- harbor 3.4.1 (deb), Debian 12
- local disk storage, no proxy in front`,
    labels: ['bug'],
    later: [
      {
        after: hours(3),
        by: 'joakim-s',
        what: 'commented',
        text: 'I can reproduce this with a 3 GB layer. The deadline is set on the whole request.',
      },
      { after: hours(4), by: 'joakim-s', what: 'assigned', to: 'joakim-s' },
      { after: hours(4), by: 'joakim-s', what: 'labeled', label: 'uploads' },
    ],
  },
  {
    number: 111,
    age: hours(7),
    author: 'tolu-ade',
    title: 'Uploading big layers times out after one minute',
    body: `When I push an image that has a layer of about 3 GB the push stops with EOF. On the server I see
\`context deadline exceeded\` after 60 seconds. It works when I split the layer in two.

harbor 3.4.2 in Docker on Ubuntu 24.04, storage is a local volume.`,
  },
  {
    number: 103,
    age: days(3),
    author: 'qin-wei-lab',
    title: 'Panic: nil pointer dereference in garbage collector when a manifest list has no platforms',
    body: `Since the upgrade to 3.4.0 the nightly garbage collection crashes the whole process, so the registry is down every night at 02:00 until systemd restarts it.

\`\`\`
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0xa41b7c]

goroutine 2217 [running]:
harbor/internal/gc.(*Sweeper).platforms(...)
	/build/internal/gc/sweeper.go:188
harbor/internal/gc.(*Sweeper).mark(0xc0004d2000, {0xc000b1e0f0, 0x47})
	/build/internal/gc/sweeper.go:141 +0x1dc
harbor/internal/gc.(*Sweeper).Run(0xc0004d2000, {0x1275e48, 0xc00011c008})
	/build/internal/gc/sweeper.go:96 +0x2f4
created by harbor/internal/cron.(*Table).start in goroutine 1
	/build/internal/cron/table.go:77 +0x10a
exit status 2
\`\`\`

The manifest list was written by a build tool that leaves \`manifests: []\`. I know that this is unusual, but one odd image must not take the registry down for everybody. Two teams could not deploy this morning.`,
    labels: ['bug'],
    later: [
      { after: 35, by: 'hanneloreb', what: 'labeled', label: 'crash' },
      {
        after: 40,
        by: 'hanneloreb',
        what: 'commented',
        text: 'Thank you for the trace. Until the fix is out: `gc.schedule: ""` switches the nightly run off.',
      },
      {
        after: hours(20),
        by: 'qin-wei-lab',
        what: 'commented',
        text: 'Confirmed, no crash last night with the schedule off.',
      },
    ],
  },
  {
    number: 104,
    age: 52,
    author: 'pavlo-h',
    title: 'URGENT: any read-only robot account can delete tags through the v2 API',
    body: `We use robot accounts with the \`pull\` role in CI. Today one of them deleted a tag:

\`\`\`
curl -X DELETE -u 'robot$ci:…' https://registry.example.org/v2/app/web/manifests/sha256:1b2c…
HTTP/1.1 202 Accepted
\`\`\`

The role has no delete permission in the UI. It seems that the scope is checked for \`PUT\` but not for \`DELETE\`. I have not tried other repositories, but I see no reason why it would be limited to ours. This is in production for us.

harbor 3.4.2`,
  },
  {
    number: 105,
    age: days(12),
    author: 'sanna.l',
    title: 'Dark mode: tag names are unreadable in the vulnerability table',
    body: `The text stays dark grey on a dark background in the column *Tag*. Everything else on the page is fine.

Firefox 131, Windows 11. Not urgent, I can select the text to read it.`,
    labels: ['bug', 'ui'],
    later: [
      { after: days(2), by: 'hanneloreb', what: 'commented', text: 'Fixed on main, will be in 3.4.2.' },
      { after: days(2) + 1, by: 'hanneloreb', what: 'closed', reason: 'completed' },
    ],
  },
  {
    number: 106,
    age: days(1),
    author: 'n0vak',
    title: 'Replication job stays "running" for ever if the target answers 429',
    body: `**Version**: 3.4.2
**Storage**: S3 (MinIO)

A replication to a hosted registry got \`429 Too Many Requests\` in the middle. Since then the job is shown as *running*, no traffic, no log lines, and *Stop* does nothing. A restart of harbor sets it to *failed*.

I would expect it to wait for \`Retry-After\` and go on.`,
    later: [
      {
        after: 90,
        by: 'n0vak',
        what: 'edited',
        title: 'Replication job hangs as "running" when the target answers 429',
      },
    ],
  },
  {
    number: 107,
    age: days(8),
    author: 'emre-dvlp',
    title: 'it doesnt work',
    body: 'i installed it and open the page and nothing. pls fix',
    later: [
      {
        after: hours(5),
        by: 'joakim-s',
        what: 'commented',
        text: 'Could you tell us the version, how you installed it and what the browser console says?',
      },
      { after: days(7), by: 'joakim-s', what: 'closed', reason: 'not_planned' },
    ],
  },
];
