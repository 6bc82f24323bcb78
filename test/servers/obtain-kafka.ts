import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeOnce } from './make-once.ts';
import { runProgram, runs } from './run-program.ts';
import type { Supply } from './supply.ts';

const pom = join(import.meta.dirname, 'pom.xml');
const cache = join(import.meta.dirname, '../../.runtime');
const version = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([\d.]+)</.exec(
  readFileSync(pom, 'utf8'),
)?.[1];

/** For Java: every jar of the installation. */
export interface KafkaInstallation {
  readonly classPath: string;
}

/** Apache Kafka: fetched once with Maven where there are Java and Maven, else Docker. */
export async function obtainKafka(): Promise<Supply<KafkaInstallation>> {
  if (version === undefined) throw new Error(`${pom} names no Kafka`);
  const [java, maven] = await Promise.all([runs('java', ['-version']), runs('mvn', ['--version'])]);
  if (java && maven) {
    const home = join(cache, `kafka-${version}`);
    await makeOnce(home, async (draft) => {
      await copyFile(pom, join(draft, 'pom.xml'));
      const output = `-DoutputDirectory=${join(draft, 'lib')}`;
      await runProgram('mvn', ['-B', '-q', 'dependency:copy-dependencies', output], { cwd: draft });
    });
    return { kind: 'local', installation: { classPath: join(home, 'lib', '*') } };
  }
  if (await runs('docker', ['info'])) return { kind: 'docker', image: `apache/kafka:${version}` };
  return { kind: 'missing', advice: 'Kafka: install Java 17 and Maven, or Docker, or set TEST_KAFKA' };
}
