import { type ReactNode, useEffect, useRef } from 'react';
import './overlay.css';

interface Props {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something over the page that keeps the focus until Esc or a press beside it. The browser's own dialog does both. */
export function Overlay({ label, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key that closes is the dialog's own Esc
    <dialog
      ref={dialog}
      className="overlay"
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="overlay-content">{children}</div>
    </dialog>
  );
}
