// npm run check: lint, types, directions, dead code and the quick tests, with one summary.
import { checkSteps } from './check-steps.ts';
import { runSteps, summarise } from './steps.ts';

process.exitCode = summarise(await runSteps(checkSteps)) ? 0 : 1;
