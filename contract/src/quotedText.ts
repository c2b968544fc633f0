/** Text between quotes as it is shown to people: on one line, and without what would steer a terminal or turn the direction. */
export const quotedText = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
