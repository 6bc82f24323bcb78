import type { ReactNode } from 'react';
import type { Issue } from '../../../src/contracts/rest.ts';
import { Time } from '../parts/time.tsx';
import { Section } from './section.tsx';

/** What is known of the issue beside its text. Only what there is. */
export function IssueFacts({ issue }: { readonly issue: Issue }) {
  const facts: (readonly [label: string, value: ReactNode])[] = [];
  const add = (label: string, value: ReactNode) => value && facts.push([label, value]);
  add('Labels', issue.labels.length > 0 && <Chips texts={issue.labels} />);
  add('Assigned to', issue.assignees.join(', '));
  add('Milestone', issue.milestone);
  add('Type', issue.issueType);
  add('Author', authorOf(issue));
  add('Opened', <Time at={issue.createdAt} sentence />);
  add('Closed', issue.closedAt && <Time at={issue.closedAt} sentence />);
  add('Locked', issue.locked && (issue.lockReason ?? 'Yes'));
  add('Pinned', issue.pinned && 'Yes');
  add('Version', <span className="number">{issue.version}</span>);
  return (
    <Section title="Details">
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function authorOf(issue: Issue): string {
  const name = issue.author ?? 'A deleted account';
  const association = issue.authorAssociation;
  return association && association !== 'NONE'
    ? `${name}, ${association.toLowerCase().replaceAll('_', ' ')}`
    : name;
}

const Chips = ({ texts }: { readonly texts: readonly string[] }) => (
  <span className="chips">
    {texts.map((text) => (
      <span className="chip plain" key={text} title={text}>
        <span className="chip-text">{text}</span>
      </span>
    ))}
  </span>
);
