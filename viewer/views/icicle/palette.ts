/** What colour has a box? By module or by its own time; labels on all of them have a contrast of 4.5 : 1 and more. */

/** Red, green, blue; 0 to 255. */
export type Colour = readonly [number, number, number];

/** Colours of one theme. */
export interface Palette {
  readonly isDark: boolean;
  /** Text on all boxes. */
  readonly label: Colour;
}

/** The two themes. */
export const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
  light: { isDark: false, label: [28, 33, 39] },
  dark: { isDark: true, label: [238, 241, 244] },
};

/** Hues of modules, in degrees: far enough from each other to be told apart, without the reds that mean hot. */
const hues: readonly number[] = [250, 145, 75, 295, 195, 110, 225, 170, 270, 90];

/** Of modules whose name is hashed (FNV-1a, then the last steps of MurmurHash3, as short names differ in few bits). */
export function hueOf(module: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < module.length; index++) {
    hash = Math.imul(hash ^ module.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hues[((hash ^ (hash >>> 16)) >>> 0) % hues.length] ?? 0;
}

/** The application's own code is a shade stronger than libraries. */
export function moduleColour({ isDark }: Palette, module: string, isApplication: boolean): Colour {
  const hue = hueOf(module);
  if (isDark) return isApplication ? oklch(0.42, 0.07, hue) : oklch(0.35, 0.03, hue);
  return isApplication ? oklch(0.86, 0.07, hue) : oklch(0.92, 0.028, hue);
}

/** Time that is no code, and what joins others. */
export function neutralColour({ isDark }: Palette): Colour {
  return isDark ? [52, 59, 67] : [226, 230, 235];
}

/** @param share of the whole that a function had itself, 0 to 1: the more, the stronger */
export function heatColour(palette: Palette, share: number): Colour {
  const strength = Math.sqrt(Math.min(1, Math.max(0, share)));
  if (strength < 0.02) return neutralColour(palette);
  return palette.isDark
    ? oklch(0.36 + 0.09 * strength, 0.03 + 0.13 * strength, 60 - 50 * strength)
    : oklch(0.93 - 0.16 * strength, 0.03 + 0.12 * strength, 80 - 65 * strength);
}

/** For canvas, CSS and SVG. */
export function cssColour([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** As WCAG 2.2 defines it: 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance([red, green, blue]: Colour): number {
  const linear = (value: number): number => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** OKLCH to sRGB, as CSS Color 4 has it; what lies outside is cut off. */
function oklch(lightness: number, chroma: number, hue: number): Colour {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    encode(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    encode(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

function encode(linear: number): number {
  const part = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, part)) * 255);
}
