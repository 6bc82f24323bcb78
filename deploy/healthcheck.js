// Asks the service that runs as process 1 of this container whether it is ready; plain JavaScript, no packages.
import { readFileSync } from 'node:fs';

const ports = {
  ingress: process.env.INGRESS_PORT || 8000,
  classifier: process.env.CLASSIFIER_PORT || 8001,
  gateway: process.env.GATEWAY_PORT || 8002,
  relay: process.env.RELAY_PORT || 8003,
  scheduler: process.env.SCHEDULER_PORT || 8004,
};
const [, , service = serviceOf(readFileSync('/proc/1/cmdline', 'utf8').split('\0'))] = process.argv;
const response = await fetch(`http://127.0.0.1:${ports[service]}/health/ready`).catch(() => null);
process.exitCode = response?.ok ? 0 : 1;

/** `start ingress` runs that one; `up` has them all, and the gateway answers for them. */
function serviceOf(args) {
  const at = args.indexOf('start');
  return at === -1 ? 'gateway' : args[at + 1];
}
