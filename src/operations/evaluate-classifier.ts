import type { Classifier } from '../classification/classifier.ts';
import { type ClassFigures, classFigures } from '../classification/local/evaluation/class-figures.ts';
import { type Category, categories } from '../contracts/classification.ts';
import type { LabelledIssue, LabelledRow } from './evaluate-classifier-data.ts';

/** The classes of NLBSE'24's benchmark. Answering `documentation` for one of them is wrong. */
const benchmarkClasses = ['bug', 'feature', 'question'] as const satisfies readonly Category[];
const batchSize = 100;

export interface RepositoryFigures {
  readonly repository: string;
  readonly issues: number;
  /** Mean F1 of bug, feature and question. */
  readonly meanF1: number;
}

/** All shares are of 0 to 1. */
export interface Evaluation {
  readonly classifier: { readonly name: string; readonly version: string };
  readonly issues: number;
  /** Issues whose label is none of the four categories; they are left out. */
  readonly leftOut: number;
  /** How many of the texts the model was trained on: with any, the figures are no test. */
  readonly seenInTraining: number;
  readonly accuracy: number;
  readonly classes: readonly ({ readonly category: Category } & ClassFigures)[];
  readonly repositories: readonly RepositoryFigures[];
  /** Mean over the repositories of their `meanF1`: the figure that NLBSE'24 ranks by. */
  readonly meanF1: number;
  /** Mean distance of confidence and accuracy, over ten bins of confidence. */
  readonly calibrationError: number;
}

export interface EvaluationInput {
  readonly rows: AsyncIterable<LabelledRow>;
  readonly classifier: Classifier;
  readonly trainedOn: (title: string, body: string) => boolean;
}

interface Judged {
  readonly repository: string;
  readonly label: Category;
  readonly predicted: Category;
  readonly confidence: number;
}

/** Compares a classifier's categories with people's. Holds one batch of texts at a time. */
export async function evaluateClassifier({
  rows,
  classifier,
  trainedOn,
}: EvaluationInput): Promise<Evaluation> {
  const judged: Judged[] = [];
  let batch: LabelledIssue[] = [];
  let leftOut = 0;
  let seenInTraining = 0;
  const judge = async (): Promise<void> => {
    judged.push(...(await judgeBatch(classifier, batch)));
    batch = [];
  };
  for await (const row of rows) {
    if (row.kind === 'other') {
      leftOut++;
      continue;
    }
    if (trainedOn(row.issue.title, row.issue.body)) seenInTraining++;
    batch.push(row.issue);
    if (batch.length === batchSize) await judge();
  }
  await judge();
  return {
    ...figuresOf(judged),
    classifier: { name: classifier.name, version: classifier.version },
    leftOut,
    seenInTraining,
  };
}

async function judgeBatch(classifier: Classifier, batch: readonly LabelledIssue[]): Promise<Judged[]> {
  const answers = await classifier.classify(
    batch.map(({ repository, title, body }) => ({ repositoryId: 0, repository, title, body })),
  );
  return batch.map(({ repository, category }, at) => ({
    repository,
    label: category,
    predicted: answers[at]!.category.value,
    confidence: answers[at]!.category.confidence,
  }));
}

function figuresOf(judged: readonly Judged[]): Omit<Evaluation, 'classifier' | 'leftOut' | 'seenInTraining'> {
  const right = judged.filter(({ label, predicted }) => label === predicted).length;
  const repositories = [...Map.groupBy(judged, (each) => each.repository)].map(([repository, own]) => ({
    repository,
    issues: own.length,
    meanF1: mean(benchmarkClasses.map((category) => figures(own, category).f1)),
  }));
  return {
    issues: judged.length,
    accuracy: judged.length === 0 ? 0 : right / judged.length,
    classes: categories.map((category) => ({ category, ...figures(judged, category) })),
    repositories,
    meanF1: mean(repositories.map((each) => each.meanF1)),
    calibrationError: calibrationError(judged),
  };
}

const figures = (judged: readonly Judged[], category: Category): ClassFigures =>
  classFigures(
    judged.map((each) => each.label),
    judged.map((each) => each.predicted),
    category,
  );

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

function calibrationError(judged: readonly Judged[]): number {
  const off = new Float64Array(10);
  for (const { label, predicted, confidence } of judged) {
    const bin = Math.min(9, Math.floor(confidence * 10));
    off[bin] = off[bin]! + confidence - (label === predicted ? 1 : 0);
  }
  return judged.length === 0 ? 0 : off.reduce((sum, each) => sum + Math.abs(each), 0) / judged.length;
}
