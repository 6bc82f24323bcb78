import { EventPayload } from '../contracts/webhook-events.ts';
import { oneLine } from './one-line.ts';

const longest = 120;
const longestTitle = 50;

/**
 * What an event of GitHub was about, to stand behind its action: `labeled` *bug*, `closed` *as not planned*. Null
 * where the action says it all, or the payload does not say it. Hostile text, on one line.
 */
export function describeEvent(event: string, json: Uint8Array): string | null {
  if (event !== 'issues') return null;
  const payload = read(json);
  const detail = payload && detailOf(payload);
  return detail ? shorten(oneLine(detail), longest) : null;
}

function read(json: Uint8Array): EventPayload | null {
  try {
    const parsed = EventPayload.safeParse(JSON.parse(new TextDecoder().decode(json)));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function detailOf(payload: EventPayload): string | null | undefined {
  const { issue } = payload;
  switch (payload.action) {
    case 'labeled':
    case 'unlabeled':
      return payload.label?.name;
    case 'assigned':
    case 'unassigned':
      return payload.assignee?.login;
    case 'milestoned':
    case 'demilestoned':
      return (payload.milestone ?? issue.milestone)?.title;
    case 'typed':
    case 'untyped':
      return (payload.type ?? issue.type)?.name;
    case 'closed':
      return issue.state_reason ? `as ${issue.state_reason.replaceAll('_', ' ')}` : null;
    case 'locked':
      return issue.active_lock_reason ? `as ${issue.active_lock_reason}` : null;
    case 'edited':
      return editOf(payload);
    default:
      return null;
  }
}

function editOf({ changes, issue }: EventPayload): string {
  const quoted = (title: string) => `“${shorten(title, longestTitle)}”`;
  return [
    ...(changes?.title ? [`the title, ${quoted(changes.title.from ?? '')} → ${quoted(issue.title)}`] : []),
    ...(changes?.body ? ['the text'] : []),
  ].join(', and ');
}

/** At most `length` UTF-16 units, no character cut in two. */
const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
