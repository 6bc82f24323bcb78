import { type CustomTypesConfig, types } from 'pg';

const { INT8 } = types.builtins;

/** pg's parsers, of which int8 alone differs: it is read as number, since ids, offsets and versions stay below 2^53. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? Number
      : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

/** A parameter as pg takes it. Dates by themselves would be written in the machine's time zone. */
export const toParameter = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
