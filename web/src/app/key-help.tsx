import { Keycap } from '../parts/keycap.tsx';
import { Overlay } from '../parts/overlay.tsx';
import { keyHelp } from './keys.ts';
import './key-help.css';

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Overlay label="Keys" onClose={onClose}>
      <h2 className="key-help-title">Keys</h2>
      <dl className="key-help">
        {keyHelp.map(([keys, does]) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>
              {keys.map((key) => (
                <Keycap key={key}>{key}</Keycap>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Overlay>
  );
}
