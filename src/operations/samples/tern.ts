import { days, hours, type SampleIssue, type SampleProject } from './sample.ts';

const issues: readonly SampleIssue[] = [
  {
    number: 7,
    age: days(27),
    author: 'bo-lindqvist',
    title: 'restore: "Permission denied" on symlinks that point outside of the target',
    body: `\`tern restore --target /mnt/new\` stops with

    error: set permissions of /mnt/new/etc/alternatives/awk: Permission denied (os error 13)

The entry is a symlink to \`/usr/bin/gawk\`, which is owned by root. I think tern follows the link when it sets the mode. Everything after this entry in the archive is not restored.

tern 0.18.0, Fedora 40, not run as root.`,
    labels: ['bug', 'data-loss'],
    later: [
      {
        after: days(2),
        by: 'ruthvik-n',
        what: 'commented',
        text: 'We should use `lchown` and skip the mode for links.',
      },
    ],
  },
  {
    number: 15,
    age: hours(12),
    author: 'margit-b',
    title: 'Restoring as a normal user fails on symbolic links (os error 13)',
    body: `I wanted to restore my home from the archive on a new laptop. It stops at the first symlink whose target belongs to root: \`set permissions of …: Permission denied (os error 13)\`. With \`--exclude\` for that link it goes on to the next one.

Archives are from tern 0.17, restored with 0.18.1 on Arch.`,
  },
  {
    number: 8,
    age: days(18),
    author: 'ana-ruiz-m',
    title: 'Proposal: check archives for damage in the background, a little every day',
    body: `## Why
\`tern check --read-data\` reads everything. With 6 TB on a remote store this takes two days and costs money for traffic, so nobody runs it. And an archive that nobody has checked is a hope, not a backup: two years ago a disk of ours returned wrong data for months, and we noticed on the day when we needed the file.

## What
\`tern check --read-data --budget 20GB\` reads at most that much, begins with the packs that were not read for the longest time, and remembers per pack when it was last seen whole. Run daily, it goes around once in a year for 6 TB, and the newest packs are read first after they were written.

## How
- One small file in the store, \`checked/<host>\`, with pack id and day. It is a cache: when it is lost, everything counts as never checked.
- The order is (never checked first, then by day, then by id), so two hosts that share a store do not read the same packs on the same day.
- A damaged pack is reported with the snapshots that need it, the exit code is 3, and the rest of the budget is still used.
- \`tern stats --checked\` says which part was read within 30, 90 and 365 days.

## What it is not
It repairs nothing. It should only say early that a repair is needed while another copy may still exist.

## Open questions
1. Should the budget be in bytes, or in minutes, or both?
2. Some stores bill requests and not bytes. Reading whole packs is one request each, so this looks fine, but I have no numbers.
3. Is a year too long? With erasure-coded stores it may be; on a single USB disk it certainly is.

I have written the ordering and its tests already and would like to hear what you think before I go on.`,
    labels: ['proposal'],
    later: [
      {
        after: days(1),
        by: 'ruthvik-n',
        what: 'commented',
        text: 'I like this a lot. Bytes first, minutes can come later.',
      },
      {
        after: days(3),
        by: 'cormac-d',
        what: 'commented',
        text: 'For 3: let the user set the period, and compute the budget from it.',
      },
    ],
  },
  {
    number: 9,
    age: days(11),
    author: 'pilar-g',
    title: 'Backup silently skips files changed while they are read',
    body: `Files that change during the backup are left out of the snapshot **without a warning and with exit code 0**. I found out when I restored a mail directory: 212 of 9,380 messages were missing. They had been there for weeks, but the index file in the same directory was being written at that moment and the whole directory was dropped.

This is the worst thing that a backup program can do. At the very least, exit with an error and list what is missing.

tern 0.18.0, Linux 6.8, ext4`,
    labels: ['bug'],
    later: [
      { after: hours(1), by: 'ruthvik-n', what: 'labeled', label: 'data-loss' },
      { after: hours(1), by: 'ruthvik-n', what: 'assigned', to: 'ruthvik-n' },
    ],
  },
  {
    number: 10,
    age: days(9),
    author: 'theo-k',
    title: 'Please publish checksums for the release binaries',
    body: 'The releases have no SHA-256 sums or signatures. Our policy does not allow installing without. A `SHA256SUMS` file next to the binaries would be enough.',
    later: [{ after: days(1), by: 'ruthvik-n', what: 'closed', reason: 'completed' }],
  },
  {
    number: 11,
    age: days(7),
    author: 'lakshmi-v',
    title: 'What happens if two machines back up to the same store at the same time?',
    body: 'The guide says that a store can be shared, but not whether this needs a lock. Can two laptops run `tern backup` at the same minute? And `tern prune` while another one is uploading?',
  },
  {
    number: 12,
    age: days(5),
    author: 'old-ben',
    title: 'Man page: --keep-monthly is described as keeping weeks',
    body: 'In tern-prune(1), under `--keep-monthly N`: "keep the last snapshot of each of the last N **weeks**". Copy and paste from the option above, I guess.',
    labels: ['documentation'],
  },
  {
    number: 13,
    age: days(1),
    author: 'zofia-wr',
    title:
      'Windows: "The filename, directory name, or volume label syntax is incorrect" for files with a trailing dot',
    body: `\`\`\`
> tern backup C:\\work
error: open C:\\work\\notes.: The filename, directory name, or volume label syntax is incorrect. (os error 123)
\`\`\`

Such names come from an old Mac share. Opening with the \`\\\\?\\\` prefix works. Windows 11, tern 0.18.1.`,
    later: [{ after: hours(4), by: 'cormac-d', what: 'labeled', label: 'windows' }],
  },
  {
    number: 14,
    age: hours(16),
    author: 'sipho-n',
    title: 'Add a --dry-run to prune that shows how much space it would free',
    body: 'Before I remove anything from our only copy I would like to see what goes and how many bytes come back. Other tools have this and I miss it each time.',
    labels: ['enhancement'],
  },
  {
    number: 16,
    age: 24,
    author: 'gael.p',
    title: 'memory grows to 11 GB and the OOM killer ends the backup',
    body: `Since 0.18.1, backing up a directory with 14 million small files needs 11 GB of memory and then gets killed:

\`\`\`
[91822.403] Out of memory: Killed process 40122 (tern) total-vm:12284120kB, anon-rss:11402236kB
\`\`\`

0.18.0 needed 900 MB for the same directory. I have gone back to it. Happy to run a build with a heap profile.`,
  },
  {
    number: 17,
    age: hours(3),
    author: 'inka-s',
    title: 'Document the format of the archive',
    body: 'If this project ends in ten years, could somebody still write a reader? A page that describes packs, the index and the encryption would help me to convince my employer. The comments in `pack.rs` are good but leave out the index.',
  },
];

export const tern: SampleProject = {
  repository: {
    id: -103,
    owner: 'sample',
    name: 'tern',
    description: 'Encrypted backups to any store',
    language: 'Rust',
  },
  issues,
};
