// The list on the page lends its steps to the keys j, k, Enter and Esc; the last to come leads.

export interface Walkable {
  move: (by: number) => Promise<void>;
  openSelected: () => Promise<void>;
  focusSelected: () => void;
}

class Walker {
  #lists: Walkable[] = [];

  /** Take the lead until the list leaves the page; made for an effect. */
  lead(list: Walkable | undefined): () => void {
    if (list) this.#lists.push(list);
    return () => {
      this.#lists = this.#lists.filter((one) => one !== list);
    };
  }

  move(by: number) {
    void this.#lists.at(-1)?.move(by);
  }

  open() {
    void this.#lists.at(-1)?.openSelected();
  }

  focus() {
    this.#lists.at(-1)?.focusSelected();
  }
}

export const walker = new Walker();
