import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../effects/telemetry.ts';
import type { Config } from './config.ts';
import { prettyLine } from './pretty-line.ts';

export interface LoggerOptions {
  readonly level: Config['logLevel'];
  /** Lines for a person on a terminal, JSON for everything that collects logs. */
  readonly stream: typeof process.stdout | typeof process.stderr;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function createLogger({ level, stream, environment }: LoggerOptions): Logger {
  const errors = { err: pino.stdSerializers.err, error: pino.stdSerializers.err };
  const options = { level, base: null, serializers: errors };
  if (!stream.isTTY) return pino(options, pino.destination({ fd: stream.fd, sync: true }));
  const colours = !environment.NO_COLOR;
  const pretty: DestinationStream = { write: (line) => void stream.write(prettyLine(line, colours)) };
  return pino(options, pretty);
}
