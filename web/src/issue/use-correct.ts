import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Issue, IssueSummary } from '../../../src/contracts/rest.ts';
import { sentenceOf } from '../api/client.ts';
import { usePage } from '../app/page-context.ts';
import { type Change, changeSentence, undoOf } from './correction.ts';
import { keyOf, nameOf } from './issue-name.ts';
import { sendCorrection } from './send-correction.ts';

/** Corrects an issue in place and remembers how to take it back. */
export function useCorrect(): (issue: IssueSummary, change: Change) => Promise<void> {
  const { live, interaction } = usePage();
  const client = useQueryClient();
  return useCallback(
    async (issue, change) => {
      const key = keyOf(issue);
      const corrected = await sendCorrection(issue, change);
      const take = ({ body: _, ...summary }: Issue) => {
        live.queue.put(summary);
        void client.invalidateQueries({ queryKey: ['issue', issue.repository, issue.number] });
      };
      if (corrected.kind === 'ok') {
        take(corrected.value);
        const { undo = [], ...set } = change;
        const back = undo.length > 0 ? null : undoOf(issue.classification, set);
        const sentence = `${nameOf(issue)}: ${changeSentence(change)}`;
        return interaction.set({ last: { key, sentence, undo: back, failed: false } });
      }
      if (corrected.kind === 'conflict') {
        take(corrected.newest);
        const sentence = `${nameOf(issue)}: somebody else set this meanwhile. Set it again to overrule.`;
        return interaction.set({ last: { key, sentence, undo: null, failed: true } });
      }
      const sentence = `${nameOf(issue)} was not changed: ${sentenceOf(corrected)}`;
      interaction.set({ last: { key, sentence, undo: null, failed: true } });
    },
    [live, interaction, client],
  );
}

/** Takes the last correction back, if it can be. */
export function useUndo(): () => void {
  const { live, interaction } = usePage();
  const correct = useCorrect();
  return useCallback(() => {
    const { last } = interaction.state();
    const issue = last?.undo ? live.queue.book.get(last.key) : undefined;
    if (last?.undo && issue) void correct(issue, last.undo);
  }, [live, interaction, correct]);
}
