import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { fileVariables, variables } from '../../src/runtime/variables.ts';

const root = new URL('../../', import.meta.url);

export const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The documents of a YAML file, which has to be without a fault or a warning. */
export function readYaml<Document>(path: string): readonly Document[] {
  return parseAllDocuments(readText(path), { merge: true, prettyErrors: true }).map((document) => {
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0) throw new Error(`${path}: ${faults.join('\n')}`);
    return document.toJS() as Document;
  });
}

/** Every variable that the program reads. */
export const knownVariables: ReadonlySet<string> = new Set([
  ...Object.keys(variables),
  ...fileVariables.map((name) => `${name}_FILE`),
]);

export const servicePorts: Readonly<Record<string, number>> = {
  ingress: variables.INGRESS_PORT.parse(undefined),
  classifier: variables.CLASSIFIER_PORT.parse(undefined),
  gateway: variables.GATEWAY_PORT.parse(undefined),
  relay: variables.RELAY_PORT.parse(undefined),
  scheduler: variables.SCHEDULER_PORT.parse(undefined),
};

/** `name:tag`, and a tag that names a version: an image without one is another image tomorrow. */
export const pinnedImage = /^[^\s:@]+(:\d+)?(\/[^\s:@]+)*:(v?\d+\.\d+\.\d+[\w.-]*)$/;
