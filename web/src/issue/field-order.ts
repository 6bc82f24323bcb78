import type { FieldName } from '../../../src/contracts/classification.ts';
import { fieldLabels } from '../queue/vocabulary.ts';

/** All fields, in the order the page shows them. */
export const fieldNames = Object.keys(fieldLabels) as readonly FieldName[];
