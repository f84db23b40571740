// The list on the page lends its steps to the keys j, k, Enter and Esc.

export interface Walkable {
  move: (by: number) => void;
  openSelected: () => Promise<void>;
  focusSelected: () => void;
}

class Walker {
  #list: Walkable | undefined;

  /** Take the lead until the list leaves the page; made for an effect. */
  lead(list: Walkable | undefined): () => void {
    this.#list = list;
    return () => {
      if (this.#list === list) this.#list = undefined;
    };
  }

  move(by: number) {
    this.#list?.move(by);
  }

  open() {
    void this.#list?.openSelected();
  }

  focus() {
    this.#list?.focusSelected();
  }
}

export const walker = new Walker();
