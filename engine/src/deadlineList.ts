/** What a DeadlineList holds: an object that carries its own links, so that no request allocates. */
export interface Deadlined {
  /** When its time began, in milliseconds. */
  intended: number;
  earlier: Deadlined | null;
  later: Deadlined | null;
}

/**
 * Requests in flight in the order of their intended send times. All have the same timeout, so the first is always the
 * next to expire, and a timer per request, or a search, is never needed.
 */
export class DeadlineList<T extends Deadlined> {
  #first: T | null = null;
  #last: T | null = null;
  size = 0;

  get first(): T | null {
    return this.#first;
  }

  /** Adds at the end; an item that is a little earlier than the last one (never by more than a tick) expires late by that. */
  add(item: T): void {
    item.earlier = this.#last;
    item.later = null;
    if (this.#last === null) this.#first = item;
    else this.#last.later = item;
    this.#last = item;
    this.size++;
  }

  remove(item: T): void {
    if (item.earlier === null) this.#first = item.later as T | null;
    else item.earlier.later = item.later;
    if (item.later === null) this.#last = item.earlier as T | null;
    else item.later.earlier = item.earlier;
    item.earlier = null;
    item.later = null;
    this.size--;
  }
}
