import type { KillFigures } from './figures.ts';

/** As `docs/guarantees.md` shows it. */
export function formatFigures(figures: KillFigures): string {
  const kills = figures.kills.reduce((sum, { kills: of }) => sum + of, 0);
  const rows = figures.kills.map(
    ({ kind, kills: of, ready, takenOver }) =>
      `| ${kind} | ${of} | ${seconds(ready)} | ${takenOver ? `${seconds(takenOver)} (${takenOver.count})` : '–'} |`,
  );
  return [
    `**${figures.stores}** (seed \`${figures.seed}\`, ${count(figures.seconds)} s): ${count(kills)} kills, ` +
      `${count(figures.accepted)} of ${count(figures.webhooks)} webhooks accepted, ${count(figures.stored)} stored; ` +
      `${count(figures.records)} states published, ${count(figures.repeatedVersions)} of them with a version that was ` +
      `there before; ${figures.pages} pages, ${count(figures.connections)} connections, ${count(figures.messages)} ` +
      'messages, each checked.',
    '',
    '| killed | times | ready again, s | another one at work, s (times) |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const count = (value: number) => value.toLocaleString('en-US');

const seconds = ({ median, longest }: { readonly median: number; readonly longest: number }) =>
  `${(median / 1000).toFixed(1)}, at most ${(longest / 1000).toFixed(1)}`;
