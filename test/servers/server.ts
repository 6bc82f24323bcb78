import { until } from '../until.ts';

/** How a server is run: as a process here or in a container. */
export interface ServerRun {
  /** Starts it, or starts it again with its data. `ended` says whether it is already over, and what it said. */
  start(): Promise<{ readonly ended: () => string | null }>;
  /** SIGKILL; resolves once every process of it is gone. */
  kill(): Promise<void>;
  /** Lets it finish; resolves once it is gone. */
  stop(): Promise<void>;
  /** Removes the data of one that is gone. */
  removeData(): Promise<void>;
}

/** A server that a test may kill and start again. It never outlives the test's process. */
export abstract class Server {
  readonly #run: ServerRun;
  #started = false;

  protected constructor(run: ServerRun) {
    this.#run = run;
  }

  /** Whether it takes clients now. A rejection counts as no. */
  protected abstract takesClients(): Promise<boolean>;

  /**
   * Starts it again after `kill` or `stop`, with its data and on its port; resolves once it takes clients.
   * @throws Error with what it printed when it ends, or takes none within 60 s
   */
  async restart(): Promise<void> {
    if (this.#started) throw new Error('it runs already');
    this.#started = true;
    const { ended } = await this.#run.start();
    await until(async () => ended() !== null || (await this.takesClients()), {
      what: 'the server takes clients',
      withinMs: 60_000,
    });
    const said = ended();
    if (said !== null) throw new Error(`the server did not start:\n${said}`);
  }

  /** SIGKILL, in the middle of whatever it does; resolves once every process of it is gone. */
  async kill(): Promise<void> {
    if (!this.#started) return;
    await this.#run.kill();
    this.#started = false;
  }

  /** Lets it finish; resolves once it is gone. */
  async stop(): Promise<void> {
    if (!this.#started) return;
    await this.#run.stop();
    this.#started = false;
  }

  /** Ends it, if it still runs, and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    await this.#run.removeData();
  }
}
