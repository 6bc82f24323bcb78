import { classFigures } from '../src/classification/local/evaluation/class-figures.ts';
import { classes } from '../src/classification/local/model/classes.ts';
import type { AdaptedRow } from './adapted-model.ts';
import { bestOf, calibrationError, coverage } from './metrics.ts';

const shown = (share: number): string => share.toFixed(3);

/** Prints the figures of one way to split: by class, by repository, calibration. */
export function reportFigures(
  title: string,
  rows: readonly AdaptedRow[],
  logits: readonly Float64Array[],
  repositories: readonly string[],
  temperature: number,
): void {
  const labels = rows.map((row) => row.label);
  const predicted = logits.map(bestOf);
  console.log(`\n${title}: ${rows.length} issues`);
  for (const [k, name] of classes.entries()) {
    const { precision, recall, f1, support } = classFigures(labels, predicted, k);
    console.log(
      `  ${name.padEnd(14)} precision ${shown(precision)} recall ${shown(recall)} F1 ${shown(f1)} (${support})`,
    );
  }
  if (repositories.length > 0) {
    const means = repositories.map((repository, domain) => {
      const at = rows.flatMap((row, index) => (row.domain === domain ? [index] : []));
      const own = at.map((index) => labels[index]!);
      const said = at.map((index) => predicted[index]!);
      // `documentation` is none of the benchmark's three classes: answering it is wrong.
      const mean = [0, 1, 2].reduce((sum, k) => sum + classFigures(own, said, k).f1 / 3, 0);
      console.log(`  ${repository.padEnd(24)} ${shown(mean)}`);
      return mean;
    });
    console.log(
      `  mean F1 of bug, feature, question over repositories: ${shown(means.reduce((a, b) => a + b, 0) / means.length)}`,
    );
  }
  const sure = [0.7, 0.85, 0.9].map((threshold) => {
    const { share, accuracy } = coverage(labels, logits, temperature, threshold);
    return `>= ${threshold}: ${shown(share)} of all, ${shown(accuracy)} right`;
  });
  console.log(
    `  temperature ${temperature}, calibration error ${shown(calibrationError(labels, logits, temperature))}`,
  );
  console.log(`  sure ${sure.join('; ')}\n`);
}
