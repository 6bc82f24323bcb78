import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { probabilitiesOf } from '../src/classification/local/classify-content.ts';
import { classes } from '../src/classification/local/model/classes.ts';
import { fingerprintOf, packFingerprints } from '../src/classification/local/model/fingerprints.ts';
import { encodeModel, type StoredModel } from '../src/classification/local/model/model-file.ts';
import { openModel } from '../src/classification/local/model/open-model.ts';
import { shippedModelFile } from '../src/classification/local/model/shipped-model.ts';
import { type AdaptedOptions, type AdaptedRow, adaptedLogits, trainAdapted } from './adapted-model.ts';
import { assembleBlock, assembleShared } from './assemble.ts';
import { type Example, readNlbse, readPool } from './examples.ts';
import { generalLogits, trainGeneral } from './general-model.ts';
import { bestOf, fitTemperature } from './metrics.ts';
import { reportFigures } from './report.ts';
import { buildVocabulary, vectorise } from './vectors.ts';
import { withWeakDocumentation } from './weak-documentation.ts';

const { values } = parseArgs({
  options: { data: { type: 'string' }, out: { type: 'string', default: fileURLToPath(shippedModelFile) } },
});
if (values.data === undefined) throw new Error('usage: node training/train.ts --data DIR [--out FILE]');

/** How often an n-gram must stand somewhere, by view, to be a feature. Sets the size of the file. */
const leastOf = [3, 6, 7, 3, 6, 9, 6];
const folds = 5;
const options: AdaptedOptions = { blockShare: 0.7, generalScale: 0.2, c: 1, iterations: 60 };
/** One row of the pool counts so much beside one of NLBSE'24. */
const poolWeight = 0.15;

const started = performance.now();
const say = (line: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`);

const directory = resolve(values.data);
const nlbse = readNlbse(directory);
const pool = withWeakDocumentation(readPool(directory));
say(`${nlbse.length} issues of NLBSE'24, ${pool.length} of the pool`);

const vocabulary = buildVocabulary([...pool, ...nlbse], leastOf);
const poolVectors = vectorise(pool, vocabulary);
const nlbseVectors = vectorise(nlbse, vocabulary);
say(`${vocabulary.key.length} features`);

// A fifth of the pool is kept from the general model: the adapted one must see how it does on what it has not seen.
const keptBack = (at: number): boolean => (Math.imul(at + 1, 0x9e3779b1) >>> 0) % 5 === 0;
const general = trainGeneral(
  pool,
  poolVectors,
  [...pool.keys()].filter((at) => !keptBack(at)),
  40,
);
say('general model trained');

const repositories = [...new Set(nlbse.map((example) => example.repository))];
const poolDomain = repositories.length;
const nlbseGeneral = generalLogits(general, nlbseVectors);
const poolGeneral = generalLogits(general, poolVectors);
const rowOf = (example: Example, row: number, ofPool: boolean): AdaptedRow => ({
  vectors: ofPool ? poolVectors : nlbseVectors,
  row,
  domain: ofPool ? poolDomain : repositories.indexOf(example.repository),
  label: example.label,
  weight: ofPool ? poolWeight : 1,
  general: (ofPool ? poolGeneral : nlbseGeneral).subarray(row * classes.length, (row + 1) * classes.length),
});
const rows: AdaptedRow[] = [
  ...nlbse.map((example, row) => rowOf(example, row, false)),
  ...pool.flatMap((example, row) => (keptBack(row) && !example.lossy ? [rowOf(example, row, true)] : [])),
];

// Out of fold: every fold has the same share of each repository and label.
const seen = new Map<string, number>();
const foldOf = rows.map((row) => {
  const stratum = `${row.domain} ${row.label}`;
  const at = seen.get(stratum) ?? 0;
  seen.set(stratum, at + 1);
  return at % folds;
});
const outOfFold: Float64Array[] = [];
for (let fold = 0; fold < folds; fold++) {
  const model = trainAdapted(
    rows.filter((_, at) => foldOf[at] !== fold),
    options,
  );
  for (const [at, row] of rows.entries()) {
    if (foldOf[at] === fold)
      outOfFold[at] = adaptedLogits(model, row, row.domain === poolDomain ? undefined : row.domain);
  }
  say(`fold ${fold + 1} of ${folds}`);
}
const isNlbse = (row: AdaptedRow): boolean => row.domain !== poolDomain;
const nlbseRows = rows.filter(isNlbse);
const nlbseLogits = outOfFold.filter((_, at) => isNlbse(rows[at]!));
const temperature = fitTemperature(
  nlbseRows.map((row) => row.label),
  nlbseLogits,
);
reportFigures('Out of fold, repositories known', nlbseRows, nlbseLogits, repositories, temperature);

// Each repository once as if never seen.
const elsewhere: Float64Array[] = [];
for (const domain of repositories.keys()) {
  const model = trainAdapted(
    rows.filter((row) => row.domain !== domain),
    options,
  );
  for (const [at, row] of nlbseRows.entries())
    if (row.domain === domain) elsewhere[at] = adaptedLogits(model, row, undefined);
  say(`without ${repositories[domain]}`);
}
const temperatureElsewhere = fitTemperature(
  nlbseRows.map((row) => row.label),
  elsewhere,
);
reportFigures('Leave one repository out', nlbseRows, elsewhere, repositories, temperatureElsewhere);

const poolRows = rows.filter((row) => !isNlbse(row));
const poolLogits = outOfFold.filter((_, at) => !isNlbse(rows[at]!));
reportFigures(
  'Pool, out of fold (documentation is learned here)',
  poolRows,
  poolLogits,
  [],
  temperatureElsewhere,
);

const adapted = trainAdapted(rows, options);
const { order, ...shared } = assembleShared(vocabulary, general, adapted);
const stored: StoredModel = {
  ...shared,
  name: 'local',
  temperature,
  temperatureElsewhere,
  blocks: repositories.map((repository, domain) => assembleBlock(adapted, order, repository, domain)),
  fingerprints: packFingerprints([...nlbse, ...pool].map(({ title, body }) => fingerprintOf(title, body))),
};
const file = encodeModel(stored);
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(values.out, file);

const model = openModel(file);
let agree = 0;
for (const [at, example] of nlbse.entries()) {
  const content = {
    repositoryId: 0,
    repository: example.repository,
    title: example.title,
    body: example.body,
  };
  const exact = adaptedLogits(adapted, rows[at]!, rows[at]!.domain);
  if (bestOf(probabilitiesOf(model, content)) === bestOf(exact)) agree++;
}
say(`wrote ${values.out}: ${(file.length / 1e6).toFixed(2)} MB, version ${model.version}`);
say(`in bytes and in full precision ${agree} of ${nlbse.length} answers are the same`);
