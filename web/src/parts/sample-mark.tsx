import FlaskConical from 'lucide-react/icons/flask-conical';

/** Says that an issue is one of the first start's samples; where a row is narrow, by an icon. */
export const SampleMark = () => (
  <span className="row-origin sample-mark" title="Sample">
    <span className="sample-word">Sample</span>
    <FlaskConical className="sample-icon" size={13} role="img" aria-label="Sample" />
  </span>
);
