import Undo2 from 'lucide-react/icons/undo-2';
import { useUndo } from '../issue/use-correct.ts';

export function UndoButton() {
  const undo = useUndo();
  return (
    <button type="button" className="row-action" tabIndex={-1} onClick={undo} title="Undo (u)">
      <Undo2 size={14} aria-hidden="true" />
      Undo
    </button>
  );
}
