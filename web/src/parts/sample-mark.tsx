import FlaskConical from 'lucide-react/icons/flask-conical';

/** Says that an issue is one of the first start's samples. An icon, since at first every row has it. */
export const SampleMark = () => (
  <span className="sample-mark" title="Sample">
    <FlaskConical size={13} aria-hidden="true" />
    <span className="hidden-label">Sample</span>
  </span>
);
