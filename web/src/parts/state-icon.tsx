import CircleCheck from 'lucide-react/icons/circle-check';
import CircleDot from 'lucide-react/icons/circle-dot';
import CircleSlash from 'lucide-react/icons/circle-slash';

interface Props {
  readonly state: 'open' | 'closed';
  readonly reason: string | null;
}

export const stateWords = ({ state, reason }: Props): string =>
  state === 'open' ? 'Open' : reason ? `Closed, ${reason.replaceAll('_', ' ')}` : 'Closed';

export function StateIcon(props: Props) {
  const words = stateWords(props);
  const dropped = props.reason === 'not_planned' || props.reason === 'duplicate';
  const Icon = props.state === 'open' ? CircleDot : dropped ? CircleSlash : CircleCheck;
  const tone = props.state === 'open' ? 'open' : dropped ? 'dropped' : 'done';
  return (
    <span className={`state-icon ${tone}`} title={words}>
      <Icon size={15} strokeWidth={2} aria-hidden="true" />
      <span className="hidden-label">{words}</span>
    </span>
  );
}
