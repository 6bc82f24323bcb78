import { RunningService, type ServiceName } from './running-service.ts';

/** An installation of one process per service, some of them several times. */
export class RunningServices {
  readonly all: readonly RunningService[];

  private constructor(all: readonly RunningService[]) {
    this.all = all;
  }

  /** Starts them all at once, as an orchestrator does: whoever comes first makes schema and topics. */
  static async start(
    names: readonly ServiceName[],
    environment: Readonly<Record<string, string>>,
  ): Promise<RunningServices> {
    const all = await Promise.all(names.map((name) => RunningService.create(name, environment)));
    const services = new RunningServices(all);
    const started = await Promise.allSettled(all.map((service) => service.start()));
    const failed = started.find((each) => each.status === 'rejected');
    if (failed === undefined) return services;
    await services.remove();
    throw failed.reason;
  }

  named(name: ServiceName): readonly RunningService[] {
    return this.all.filter((service) => service.name === name);
  }

  /** The first of a name. */
  one(name: ServiceName): RunningService {
    const [service] = this.named(name);
    if (!service) throw new Error(`no ${name} among them`);
    return service;
  }

  get webhookUrls(): readonly string[] {
    return this.named('ingress').map(({ url }) => `${url}/webhook/github`);
  }

  async remove(): Promise<void> {
    await Promise.all(this.all.map((service) => service.remove()));
  }
}
