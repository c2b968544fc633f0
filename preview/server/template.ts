/** What a route's URL and headers may refer to. */
export interface TemplateData {
  readonly JsonData: Readonly<Record<string, unknown>>;
  readonly SecureJsonData: Readonly<Record<string, string>>;
}

/** Fills `{{ .JsonData.name }}` and `{{ .SecureJsonData.name }}` as Go's text/template does: a missing key is `<no value>`. */
export function fillTemplate(template: string, data: TemplateData): string {
  return template.replace(/\{\{\s*\.(JsonData|SecureJsonData)\.(\w+)\s*\}\}/g, (_whole, group, key) => {
    const value = data[group as keyof TemplateData][key as string];
    return value === undefined ? '<no value>' : String(value);
  });
}
