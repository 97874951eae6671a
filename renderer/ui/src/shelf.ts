/** What a screen was showing, kept while another is on, so that it is there again on the way back. */

const PLACES = 12;

export class Shelf {
  readonly #things = new Map<string, unknown>();

  /** The thing of this name; made if there is none. The one not asked for longest makes room. */
  keep<T>(name: string, make: () => T): T {
    const thing = this.#things.has(name) ? (this.#things.get(name) as T) : make();
    this.#things.delete(name);
    this.#things.set(name, thing);
    const [oldest] = this.#things.keys();
    if (this.#things.size > PLACES && oldest !== undefined) this.#things.delete(oldest);
    return thing;
  }

  /** After a wipe nothing of before is shown again. */
  clear(): void {
    this.#things.clear();
  }
}
