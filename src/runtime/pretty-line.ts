const levels: Readonly<Record<number, readonly [name: string, colour: string]>> = {
  20: ['debug', '\u001b[2m'],
  30: ['info ', '\u001b[32m'],
  40: ['warn ', '\u001b[33m'],
  50: ['error', '\u001b[31m'],
};
const dim = '\u001b[2m';
const reset = '\u001b[0m';
const longestValue = 200;

/** One line of JSON as pino writes it, as a line for a person: time, level, service, sentence, context. */
export function prettyLine(json: string, colours: boolean): string {
  const { level, time, msg, service, err, error, pid: _pid, hostname: _host, ...context } = JSON.parse(json);
  const [name, colour] = levels[level as number] ?? [String(level), ''];
  const paint = (code: string, text: string) => (colours && text !== '' ? `${code}${text}${reset}` : text);
  const pairs = Object.entries(context).map(([key, value]) => `${key}=${shorten(value)}`);
  const head = `${clock(new Date(time))} ${paint(colour, name)} ${service ? `${printable(service)}: ` : ''}`;
  const tail = pairs.length > 0 ? `  ${paint(dim, printable(pairs.join(' ')))}` : '';
  return `${head}${printable(String(msg ?? ''))}${tail}\n${trace(err ?? error)}`;
}

const clock = (time: Date): string =>
  [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');

function shorten(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function trace(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { stack, message } = error as { stack?: string; message?: string };
  const text = stack ?? message;
  return text
    ? `${text
        .split('\n')
        .map((line) => `    ${printable(line)}`)
        .join('\n')}\n`
    : '';
}

/** Text of an issue may reach a log line, and a terminal obeys control characters. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '\ufffd');
