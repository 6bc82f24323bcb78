import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, sentenceOf } from '../api/client.ts';
import { usePage } from '../app/page-context.ts';

/** One press; the deletions come back by the feed like all others. */
export function RemoveSamples({ className }: { readonly className: string }) {
  const { interaction, live } = usePage();
  const client = useQueryClient();
  const [running, setRunning] = useState(false);
  const remove = async () => {
    setRunning(true);
    const answered = await ask<unknown>('/api/samples/remove', { method: 'POST' });
    setRunning(false);
    const sentence =
      answered.kind === 'ok' ? 'Samples removed' : `Samples were not removed: ${sentenceOf(answered)}`;
    interaction.set({ last: { key: 'samples', sentence, undo: null, failed: answered.kind !== 'ok' } });
    if (answered.kind === 'ok') live.queue.release();
    await client.invalidateQueries();
  };
  return (
    <button type="button" className={className} disabled={running} onClick={() => void remove()}>
      {running ? 'Removing samples' : 'Remove samples'}
    </button>
  );
}
