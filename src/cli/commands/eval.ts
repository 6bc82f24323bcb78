import { Command } from 'commander';
import { pino } from 'pino';
import { openLocalClassifier } from '../../classification/local/local-classifier.ts';
import { openTrainedOn } from '../../classification/local/model/trained-on.ts';
import { type Evaluation, evaluateClassifier } from '../../operations/evaluate-classifier.ts';
import { MalformedDataError, readLabelledIssues } from '../../operations/evaluate-classifier-data.ts';
import { Refusal } from '../../runtime/refusal.ts';
import { readingFile } from '../reading-file.ts';

/** `dispatchai eval`: how good the local model is on issues that people have labelled. Changes nothing. */
export function evalCommand(): Command {
  return new Command('eval')
    .description('measure the local model on labelled issues')
    .requiredOption('--data <file>', 'csv with the columns repo,created_at,label,title,body; .gz is unpacked')
    .option('--json', 'print the figures as JSON')
    .action(async ({ data, json }: { data: string; json?: boolean }) => {
      const classifier = await openLocalClassifier({ logger: pino({ level: 'warn' }, pino.destination(2)) });
      try {
        const rows = readLabelledIssues(data);
        const evaluation = await readingFile(data, () =>
          evaluateClassifier({ rows, classifier, trainedOn: openTrainedOn() }),
        );
        console.log(json === true ? JSON.stringify(evaluation, null, 2) : formatEvaluation(evaluation));
      } catch (error) {
        throw error instanceof MalformedDataError ? new Refusal(`${data}: ${error.message}`) : error;
      } finally {
        await classifier.close();
      }
    });
}

const share = (value: number): string => value.toFixed(3).padStart(9);
const count = (value: number): string => value.toLocaleString('en-US').padStart(9);

export function formatEvaluation(evaluation: Evaluation): string {
  const { classifier, issues, leftOut, seenInTraining } = evaluation;
  const width = Math.max(24, ...evaluation.repositories.map((each) => each.repository.length + 2));
  const lines = [
    `${classifier.name}@${classifier.version} on ${issues.toLocaleString('en-US')} issues`,
    ...(leftOut > 0 ? [`${leftOut.toLocaleString('en-US')} with another label left out`] : []),
    seenInTraining > 0
      ? `seen in training: ${seenInTraining.toLocaleString('en-US')} of ${issues.toLocaleString('en-US')}; these figures are no test of new issues`
      : 'seen in training: none',
    '',
    `${'category'.padEnd(width)}${['precision', 'recall', 'F1', 'issues'].map((name) => name.padStart(9)).join(' ')}`,
    ...evaluation.classes.map(
      ({ category, precision, recall, f1, support }) =>
        `${category.padEnd(width)}${[share(precision), share(recall), share(f1), count(support)].join(' ')}`,
    ),
    '',
    `${'repository'.padEnd(width)}${['mean F1', 'issues'].map((name) => name.padStart(9)).join(' ')}`,
    ...evaluation.repositories.map(
      ({ repository, meanF1, issues: own }) => `${repository.padEnd(width)}${share(meanF1)} ${count(own)}`,
    ),
    '',
    `${'mean F1'.padEnd(width)}${share(evaluation.meanF1)}  (bug, feature, question; mean over repositories)`,
    `${'accuracy'.padEnd(width)}${share(evaluation.accuracy)}`,
    `${'calibration error'.padEnd(width)}${share(evaluation.calibrationError)}`,
  ];
  return lines.join('\n');
}
