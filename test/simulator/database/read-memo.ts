type Rows = readonly Record<string, unknown>[];

interface Statement {
  /** Its answer depends on rows and parameters alone. */
  readonly pure: boolean;
  /** Of those that it names. */
  readonly tables: ReadonlySet<string>;
}

const depends =
  /\b(insert|update|delete|truncate|lock|pg_notify|nextval|setval|set_config|gen_random_uuid|now|clock_timestamp)\b/i;

/**
 * Answers of reads, kept until a table that they name is written. Services that wait ask the same again and again, which
 * is most of what a run would cost.
 */
export class ReadMemo {
  readonly #tables: readonly string[];
  readonly #statements = new Map<string, Statement>();
  /** By statement, then by its parameters. */
  readonly #answers = new Map<string, Map<string, Rows>>();

  constructor(tables: readonly string[]) {
    this.#tables = tables;
  }

  /** The answer, where it is known to be the same as before. */
  find(sql: string, values: readonly unknown[]): Rows | undefined {
    return this.#answers.get(sql)?.get(JSON.stringify(values));
  }

  /** Takes note of a statement that was executed. */
  note(sql: string, values: readonly unknown[], rows: Rows): void {
    const { pure, tables } = this.#statement(sql);
    if (!pure) {
      for (const known of this.#answers.keys())
        if (touches(tables, this.#statement(known).tables)) this.#answers.delete(known);
      return;
    }
    const answers = this.#answers.get(sql) ?? new Map<string, Rows>();
    this.#answers.set(sql, answers.set(JSON.stringify(values), rows));
  }

  /** After whatever changed more than a statement does. */
  clear(): void {
    this.#answers.clear();
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const words = new Set(sql.match(/\w+/g));
    const statement = {
      pure: /^\s*(select|with)\b/i.test(sql) && !depends.test(sql),
      tables: new Set(this.#tables.filter((table) => words.has(table))),
    };
    this.#statements.set(sql, statement);
    return statement;
  }
}

const touches = (written: ReadonlySet<string>, read: ReadonlySet<string>): boolean =>
  [...written].some((table) => read.has(table));
