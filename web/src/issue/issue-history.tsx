import type { IssueDetail } from '../../../src/contracts/rest.ts';
import { Time } from '../parts/time.tsx';
import { historySentence } from './history-sentence.ts';
import { Section } from './section.tsx';

export function IssueHistory({ history }: Pick<IssueDetail, 'history'>) {
  if (history.length === 0) return null;
  return (
    <Section title="History">
      <ol className="history">
        {history.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no id, and the list is replaced whole
          <li key={index}>
            <span className="history-what">
              {historySentence(entry)}
              {entry.detail ? <span className="history-detail"> {entry.detail}</span> : null}
            </span>
            <Time at={entry.at} sentence />
          </li>
        ))}
      </ol>
    </Section>
  );
}
