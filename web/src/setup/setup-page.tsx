import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { deliveriesQuery, setupQuery } from '../api/queries.ts';
import { CommandLine } from './command-line.tsx';
import { importCommand, readRepository } from './commands.ts';
import { DataStanding } from './data-standing.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import { ForwardStep } from './forward-step.tsx';
import { RemoveSamples } from './remove-samples.tsx';
import './setup-page.css';

/** How issues get here, and whether they do. */
export function SetupPage() {
  const setup = useQuery(setupQuery);
  const deliveries = useQuery(deliveriesQuery);
  const [text, setText] = useState('');
  const repository = readRepository(text);
  useEffect(() => {
    document.title = 'Setup · DispatchAI';
  }, []);
  return (
    <div className="setup" data-scrolls="">
      <div className="setup-content">
        <h1>Connect a repository</h1>
        <label className="setup-repository">
          <span>Repository</span>
          <input
            value={text}
            placeholder="owner/name"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
          />
          <span className="setup-hint">
            {text !== '' && repository === null
              ? 'Write it as owner/name.'
              : 'The commands below take it over.'}
          </span>
        </label>

        <section aria-labelledby="forward">
          <h2 id="forward">New issues, as they happen</h2>
          {setup.data ? (
            <ForwardStep setup={setup.data} repository={repository} />
          ) : (
            <Unavailable error={setup.error} />
          )}
        </section>

        <section aria-labelledby="import">
          <h2 id="import">The issues that are there already</h2>
          <p>
            GitHub's command line tool reads them, the import puts them through the same log behind live work.
          </p>
          <CommandLine command={importCommand(repository, true)} />
          <p>From a clone of the project:</p>
          <CommandLine command={importCommand(repository, false)} />
        </section>

        {setup.data && setup.data.samples > 0 ? (
          <section aria-labelledby="samples">
            <h2 id="samples">Samples</h2>
            <p>
              {setup.data.samples.toLocaleString('en')} sample issues came with the first start. Once removed,
              they are not sent again.
            </p>
            <RemoveSamples className="button" />
          </section>
        ) : null}

        <section aria-labelledby="data">
          <h2 id="data">How the data stands</h2>
          <DataStanding setup={setup.data ?? null} />
        </section>

        <section aria-labelledby="deliveries">
          <h2 id="deliveries">Last deliveries</h2>
          {deliveries.data && deliveries.data.length > 0 ? (
            <DeliveryTable deliveries={deliveries.data} withIssue />
          ) : (
            <p>
              {deliveries.error
                ? deliveries.error.message
                : deliveries.data
                  ? 'None seen yet. This list looks every 3 s.'
                  : ''}
            </p>
          )}
        </section>
      </div>
    </div>
  );
}

const Unavailable = ({ error }: { readonly error: Error | null }) => <p>{error ? error.message : ''}</p>;
