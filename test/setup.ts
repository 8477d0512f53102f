/** Before every file of tests. */
import fc from 'fast-check';

/**
 * In CI a property is tried with the same values every time: what fails there fails anywhere with CI=true, and a change is
 * not held up by a value that it has nothing to do with. Elsewhere the values are new ones every time.
 */
if (process.env['CI'] === 'true') fc.configureGlobal({ seed: 1 });
