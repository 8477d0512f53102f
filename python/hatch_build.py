"""What goes into the package besides Python? The built command line, recorder and page, of the checkout this folder is in."""

import json
from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # Only the version is asked for.
    BuildHookInterface = object

here = Path(__file__).resolve().parent
checkout = here.parent

# Where the Node.js part lies in the package: `package.json` beside `dist`, as in the npm package.
packed = "timesink/_files"


def version():
    """That of the checkout, or of the source distribution that was made of one."""
    for manifest in (checkout / "package.json", here / "src" / packed / "package.json"):
        if manifest.is_file():
            found = json.loads(manifest.read_text(encoding="utf-8"))
            if found.get("name") == "timesink":
                return found["version"]
    raise RuntimeError("package.json of timesink was not found beside the folder " + str(here))


class CustomBuildHook(BuildHookInterface):
    """Adds the Node.js part to wheels and source distributions."""

    def initialize(self, version, build_data):
        folder = packed if self.target_name == "wheel" else "src/" + packed
        if (here / "src" / packed / "dist").is_dir():
            build_data["force_include"][str(here / "src" / packed)] = folder
            return
        dist = checkout / "dist"
        if not (dist / "timesink.js").is_file():
            raise RuntimeError(
                "there is no " + str(dist / "timesink.js") + "; run `npm ci` in " + str(checkout) + " first"
            )
        for file in sorted(dist.iterdir()):
            if file.is_file():
                build_data["force_include"][str(file)] = folder + "/dist/" + file.name
        for name in ("package.json", "LICENSE"):
            build_data["force_include"][str(checkout / name)] = folder + "/" + name
