const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, short enough for a column: `now`, `5 m`, `3 h`, `2 d`, `4 w`, `7 mo`, `2 y`. */
export function age(at: string, now: number): string {
  const passed = now - Date.parse(at);
  if (Number.isNaN(passed)) return '';
  if (passed < minute) return 'now';
  if (passed < hour) return `${Math.floor(passed / minute)} m`;
  if (passed < day) return `${Math.floor(passed / hour)} h`;
  if (passed < 14 * day) return `${Math.floor(passed / day)} d`;
  if (passed < 60 * day) return `${Math.floor(passed / (7 * day))} w`;
  if (passed < 730 * day) return `${Math.floor(passed / (30.44 * day))} mo`;
  return `${Math.floor(passed / (365.25 * day))} y`;
}

/** The same in a sentence: `just now`, `5 m ago`. */
export function ago(at: string, now: number): string {
  const short = age(at, now);
  return short === 'now' ? 'just now' : `${short} ago`;
}

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** The exact moment in the reader's time zone, for a hover. */
export function exactTime(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : exact.format(time);
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** `12:03` in the reader's time zone. */
export const clockTime = (at: number): string => clock.format(at);
