import { useState } from 'react';
import type { Setup } from '../../../src/contracts/rest.ts';
import { CommandLine } from './command-line.tsx';
import { forwardCommand, secretWord } from './commands.ts';

interface Props {
  readonly setup: Setup;
  readonly repository: string | null;
}

/** Webhooks over a tunnel, with the secret out of sight until it is asked for. */
export function ForwardStep({ setup, repository }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <p>GitHub cannot reach this machine by itself; its command line tool can keep a tunnel open. Once:</p>
      <CommandLine command="gh extension install cli/gh-webhook" />
      <p>Then keep this running:</p>
      <CommandLine
        command={forwardCommand(setup, repository, secretWord(setup, shown))}
        copies={forwardCommand(setup, repository, secretWord(setup, true))}
      />
      {setup.secret === null ? (
        <p>The secret is the one that this server was configured with, and is not shown.</p>
      ) : (
        <p>
          <button type="button" className="text-button" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? 'Hide the secret' : 'Show the secret'}
          </button>{' '}
          It was made at the first start. The copy has it in either case.
        </p>
      )}
      <p>
        A server that GitHub can reach takes a webhook of the repository's settings instead: address{' '}
        <code>{new URL(setup.webhookPath, setup.ingressUrl).href}</code>, content type{' '}
        <code>application/json</code>, events Issues and Issue comments.
      </p>
    </>
  );
}
