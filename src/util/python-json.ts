/** JSON as Python's `json.dumps` writes it, to the byte: separators, escapes, the look of floats. */

/** A value to write. Plain numbers are floats. */
export type PythonJson = string | number | { readonly int: number } | readonly string[];

/** A float as `repr` writes it: `0.1`, `1.0`, `1e-05`, `1e+16`; not finite: as `json.dumps` does, `NaN`, `Infinity`. */
export function formatPythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  // `repr` turns to exponents below 1e-4 and from 1e16 on (CPython 3.13, Python/pystrtod.c), JavaScript elsewhere.
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** A string in double quotes, every character outside printable ASCII escaped as UTF-16 units. */
export function formatPythonString(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value as `json.dumps` writes it. */
export function pythonJson(value: PythonJson): string {
  if (typeof value === 'string') return formatPythonString(value);
  if (typeof value === 'number') return formatPythonFloat(value);
  if ('int' in value) return String(value.int);
  return `[${value.map(formatPythonString).join(', ')}]`;
}
