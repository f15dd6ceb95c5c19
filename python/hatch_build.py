"""Builds the library for the wheel, and puts what it is built of into the source distribution.

``MURMUR_BRIDGE`` names a library that is built already; else ``swift build`` builds it, of the repository that this
folder lies in, or of ``swift/`` in a source distribution.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PRODUCT = "murmur_bridge"
LIBRARY = f"lib{PRODUCT}.so"


def build_command(package: Path, scratch: Path) -> List[str]:
    """How the library is built: the Swift runtime within, nothing visible but the C interface, no path of a machine."""
    exports = package / "Sources" / "Bridge" / "exports.map"
    return [
        "swift", "build", "--package-path", str(package), "--scratch-path", str(scratch), "-c", "release",
        "--product", PRODUCT, "-Xswiftc", "-static-stdlib", "-Xlinker", f"--version-script={exports}",
        "-Xlinker", "--gc-sections", "-Xswiftc", "-file-prefix-map", "-Xswiftc", f"{package}=.",
        "-Xcc", f"-ffile-prefix-map={package}=.",
    ]


class LibraryHook(BuildHookInterface):
    """Hatchling's hook; see the module."""

    _folder: Optional[tempfile.TemporaryDirectory[str]] = None

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        """Called before a distribution is put together."""
        root = Path(self.root)
        if self.target_name == "sdist":
            build_data["force_include"].update(_sources(root.parent))
        elif self.target_name == "wheel" and version != "editable":
            self._folder = tempfile.TemporaryDirectory()
            stripped = Path(self._folder.name) / LIBRARY
            shutil.copyfile(self._library(root), stripped)
            subprocess.run(["strip", "--strip-unneeded", str(stripped)], check=True)
            build_data["force_include"][str(stripped)] = f"murmur_gossip/{LIBRARY}"
            # Any Python 3 on this platform: the library knows nothing of Python.
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{platform}"

    def finalize(self, version: str, build_data: Dict[str, Any], artifact_path: str) -> None:
        """Called when it is put together."""
        if self._folder is not None:
            self._folder.cleanup()

    def _library(self, root: Path) -> Path:
        given = os.environ.get("MURMUR_BRIDGE")
        if given:
            return Path(given)
        inner = root / "swift"
        package = inner if (inner / "Package.swift").exists() else root.parent
        if not (package / "Package.swift").exists():
            raise RuntimeError("there is no Package.swift beside this folder; let MURMUR_BRIDGE name a built library")
        if shutil.which("swift") is None:
            raise RuntimeError("there is no swift on the PATH; get Swift 6.3 from https://www.swift.org/install/linux")
        scratch = package / ".build" / "bridge"
        self.app.display_info(f"building {LIBRARY} by swift, which takes some minutes at first")
        subprocess.run(build_command(package, scratch), check=True)
        return scratch / "release" / LIBRARY


def _sources(repository: Path) -> Dict[str, str]:
    """What `swift build` reads, by its place in a source distribution.

    Swift looks for the folder of every target, also of those that are not built: of tests it gets an empty file each.
    """
    manifest = repository / "Package.swift"
    if not manifest.exists():
        return {}
    included = {str(manifest): "swift/Package.swift", str(repository / "Sources"): "swift/Sources"}
    for name in ("LICENSE", "Package.resolved"):
        if (repository / name).exists():
            included[str(repository / name)] = f"swift/{name}"
    empty = Path(__file__).with_name("placeholder.swift")
    tests = re.findall(r'\btests\(\s*"(\w+)"|path: "Tests/(\w+)"', manifest.read_text())
    for place in sorted({first or second for first, second in tests}):
        copy = repository / ".build" / "placeholders" / place / "Placeholder.swift"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(empty, copy)
        included[str(copy)] = f"swift/Tests/{place}/Placeholder.swift"
    return included
