export interface ServerEvent {
  readonly name: string;
  readonly data: string;
  /** The last id that the stream gave, at or before this event; '' when none. */
  readonly id: string;
}

/** Reads a `text/event-stream` piece by piece (WHATWG HTML, section 9.2.6); comments and unknown fields are skipped. */
export class EventParser {
  #rest = '';
  #name = '';
  #data: string[] = [];
  #id = '';

  /** The events that `text`, together with what came before, completes. */
  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#readField(line);
      else if (this.#data.length > 0) {
        events.push({ name: this.#name || 'message', data: this.#data.join('\n'), id: this.#id });
        this.#name = '';
        this.#data = [];
      } else this.#name = '';
    }
    return events;
  }

  #readField(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
  }
}
