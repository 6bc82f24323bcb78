/** The program has fewer texts than this; only lists with rare sets of filters can add to them. */
const mostNames = 300;

/**
 * Names for prepared statements, one a text: a session parses and plans a named one once. Their number is bounded,
 * since every session keeps them for as long as it lives: what comes later runs without a name.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  nameOf(sql: string): string | undefined {
    const known = this.#names.get(sql);
    if (known !== undefined || this.#names.size >= mostNames) return known;
    const name = `s${this.#names.size + 1}`;
    this.#names.set(sql, name);
    return name;
  }
}
