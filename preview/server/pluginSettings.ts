import type { TemplateData } from './template.ts';

/** What Grafana stores of an app plugin: open settings, and secrets of which a page only learns that they are set. */
export class PluginSettings {
  #jsonData: Record<string, unknown>;
  #secureJsonData: Record<string, string>;

  constructor(jsonData: Record<string, unknown>, secureJsonData: Record<string, string>) {
    this.#jsonData = jsonData;
    this.#secureJsonData = secureJsonData;
  }

  templateData(): TemplateData {
    return { JsonData: this.#jsonData, SecureJsonData: this.#secureJsonData };
  }

  /** As a page sees it. */
  visible(): { jsonData: Record<string, unknown>; secureJsonFields: Record<string, boolean> } {
    const secureJsonFields = Object.fromEntries(Object.keys(this.#secureJsonData).map((key) => [key, true]));
    return { jsonData: this.#jsonData, secureJsonFields };
  }

  /** Secrets that are not mentioned stay; an empty one is forgotten. */
  update(change: { jsonData?: Record<string, unknown>; secureJsonData?: Record<string, string> }): void {
    if (change.jsonData) this.#jsonData = change.jsonData;
    for (const [key, value] of Object.entries(change.secureJsonData ?? {})) {
      if (value === '') delete this.#secureJsonData[key];
      else this.#secureJsonData[key] = value;
    }
  }
}
