/** Why an issue still has the local answer, as its readers are told. */
export const waitingForModel = 'waiting for the model';
export const modelAway = 'the model is away; it is asked again';
export const refusedByModel = 'the model refused this text';

/** Whether an answer that is marked so is still to be replaced by a model's. */
export const waitsForModel = (degraded: string | null): boolean =>
  degraded !== null && degraded !== refusedByModel;
