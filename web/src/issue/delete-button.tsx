import { useNavigate } from '@tanstack/react-router';
import Trash2 from 'lucide-react/icons/trash-2';
import { useState } from 'react';
import type { Deleted, Issue } from '../../../src/contracts/rest.ts';
import { ask, sentenceOf } from '../api/client.ts';
import { usePage } from '../app/page-context.ts';
import { issuePath, keyOf, nameOf } from './issue-name.ts';

/** Deletes after a second press in the same place. What was deleted comes back only by newer activity on GitHub. */
export function DeleteButton({ issue }: { readonly issue: Issue }) {
  const { live, interaction } = usePage();
  const navigate = useNavigate();
  const [step, setStep] = useState<'idle' | 'asked' | 'running'>('idle');
  const remove = async () => {
    setStep('running');
    const answered = await ask<Deleted>(`/api${issuePath(issue)}`, { method: 'DELETE' });
    const key = keyOf(issue);
    if (answered.kind === 'ok') {
      live.queue.remove(answered.value);
      interaction.set({
        selected: null,
        last: { key, sentence: `${nameOf(issue)} deleted`, undo: null, failed: false },
      });
      return navigate({ to: '/', search: true });
    }
    setStep('idle');
    const sentence = `${nameOf(issue)} was not deleted: ${sentenceOf(answered)}`;
    interaction.set({ last: { key, sentence, undo: null, failed: true } });
  };
  if (step === 'idle') {
    return (
      <button
        type="button"
        className="icon-button"
        aria-label="Delete from this queue"
        title="Delete from this queue"
        onClick={() => setStep('asked')}
      >
        <Trash2 size={16} aria-hidden="true" />
      </button>
    );
  }
  return (
    <span className="delete-question">
      <span className="delete-words">Delete here? GitHub keeps it.</span>
      <button
        type="button"
        className="button danger"
        // biome-ignore lint/a11y/noAutofocus: the question replaces the button that had the focus
        autoFocus
        disabled={step === 'running'}
        onClick={() => void remove()}
      >
        Delete
      </button>
      <button type="button" className="button quiet" onClick={() => setStep('idle')}>
        Keep
      </button>
    </span>
  );
}
