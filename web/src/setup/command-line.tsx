import { CopyButton } from '../parts/copy-button.tsx';

interface Props {
  readonly command: string;
  /** What the copy has, where that is not what is shown. */
  readonly copies?: string;
}

export const CommandLine = ({ command, copies = command }: Props) => (
  <div className="command-line">
    <code>{command}</code>
    <CopyButton text={copies} label="Copy the command" />
  </div>
);
