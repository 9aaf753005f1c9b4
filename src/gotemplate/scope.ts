/** The variables that are declared where the parser stands. `$` always is. */
export class Scope {
  readonly #declared: string[] = [];
  readonly #counts = new Map<string, number>([['$', 1]]);

  /** A mark to come back to when the control structure ends. */
  get mark(): number {
    return this.#declared.length;
  }

  declare(name: string): void {
    this.#declared.push(name);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  leave(mark: number): void {
    while (this.#declared.length > mark) {
      const name = this.#declared.pop() ?? '';
      this.#counts.set(name, (this.#counts.get(name) ?? 0) - 1);
    }
  }
}
