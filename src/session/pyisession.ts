/** How do sessions move between timesink and pyinstrument? The `.pyisession` format (5.1.3), both ways. */
export { parsePlainPyisession, parsePyisession } from './pyisession-reader.ts';
export { formatPyisession } from './pyisession-writer.ts';
