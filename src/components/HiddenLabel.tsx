import { type ReactNode, useId } from 'react';

interface Props {
  text: string;
  /** The control; it has to take the id. */
  children: (id: string) => ReactNode;
}

/** Names a control for screen readers where the page has no label to see. Grafana 12.4's Combobox drops `aria-label`, so a name has to be a label. */
export function HiddenLabel({ text, children }: Props) {
  const id = useId();
  return (
    <div>
      <label className="sr-only" htmlFor={id}>
        {text}
      </label>
      {children(id)}
    </div>
  );
}
