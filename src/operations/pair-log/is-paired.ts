import { decidePairing } from '../../domain/pairing.ts';
import { type LookAtPairing, lookAtPairing } from './look-at-pairing.ts';

/** Whether log and database belong together now, with no choice about it under way. Decides and changes nothing. */
export async function isPaired(context: LookAtPairing): Promise<boolean> {
  const { facts } = await lookAtPairing(context);
  const decision = decidePairing(facts);
  return decision.kind === 'paired' && decision.finishes === null;
}
