import { Input } from '@grafana/ui';
import { useEffect, useState } from 'react';

interface Props {
  value: number | null;
  /** Called with null when the field is emptied; only with `nullable`. */
  onChange: (value: number | null) => void;
  nullable?: boolean;
  id?: string;
  label?: string;
  min?: number;
  max?: number;
  step?: number;
  width?: number;
  suffix?: string;
  placeholder?: string;
  invalid?: boolean;
}

/** A number as text: what a person types stays as typed until it reads as a number. */
export function NumberInput({
  value,
  onChange,
  nullable = false,
  id,
  label,
  min,
  max,
  step,
  width,
  suffix,
  placeholder,
  invalid,
}: Props) {
  const [text, setText] = useState(value === null ? '' : String(value));
  useEffect(() => {
    setText((old) => (old !== '' && Number(old) === value ? old : value === null ? '' : String(value)));
  }, [value]);
  const read = (typed: string) => {
    setText(typed);
    if (typed.trim() === '') {
      if (nullable) onChange(null);
      return;
    }
    const number = Number(typed);
    if (Number.isFinite(number)) onChange(number);
  };
  const isEmpty = text.trim() === '' && !nullable;
  return (
    <Input
      id={id}
      aria-label={label}
      type="number"
      inputMode="decimal"
      value={text}
      min={min}
      max={max}
      step={step ?? 'any'}
      width={width}
      suffix={suffix}
      placeholder={placeholder}
      invalid={invalid || isEmpty}
      onChange={(event) => read(event.currentTarget.value)}
      onBlur={() => isEmpty && setText(String(value))}
    />
  );
}
