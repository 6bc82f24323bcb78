import type { Socket, Surroundings } from '../feed/feed-connection.ts';

/** The browser's clock, timers, chance and sockets. */
export const browser: Surroundings = {
  open(path) {
    const address = new URL(path, location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    return listening(new WebSocket(address));
  },
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  fraction: () => Math.random(),
};

const listening = (socket: WebSocket): Socket => ({
  listen(heard) {
    socket.onmessage = (event) => heard.message(event.data);
    socket.onclose = () => heard.closed();
  },
  close() {
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  },
});
