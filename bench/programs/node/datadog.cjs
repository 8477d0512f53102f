// Profiles the program with @datadog/pprof, preloaded by `--require`.
//
// DATADOG_PPROF is the package's folder, DATADOG_PROFILE the file to write.
const { writeFileSync } = require('node:fs');
const { encodeSync, time } = require(process.env.DATADOG_PPROF);

time.start({ intervalMicros: 1000 });
// Its own listener would throw away what it has.
process.prependListener('exit', () => writeFileSync(process.env.DATADOG_PROFILE, encodeSync(time.stop())));
