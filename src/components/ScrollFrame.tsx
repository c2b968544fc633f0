import { type HTMLAttributes, useEffect, useRef, useState } from 'react';

type Props = HTMLAttributes<HTMLElement> & { 'aria-label': string };

/** A region that scrolls when its content is too large, and only then can be reached by keyboard. */
export function ScrollFrame({ children, style, ...rest }: Props) {
  const host = useRef<HTMLElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = host.current;
    const content = element?.firstElementChild;
    if (!element || !content) return;
    const measure = () =>
      setOverflows(element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(content);
    return () => observer.disconnect();
  }, []);
  return (
    <section ref={host} style={{ overflow: 'auto', ...style }} tabIndex={overflows ? 0 : undefined} {...rest}>
      {children}
    </section>
  );
}
