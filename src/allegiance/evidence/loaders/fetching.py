"""Downloading what a publisher's licence lets anyone fetch; the rest a user exports for himself."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from allegiance.cases.errors import CaseError, listed, nearest


class Published(NamedTuple):
    """A file that a publisher gives: where it lies, and on what terms."""

    title: str
    licence: str
    url: str | None
    file: str


SOURCES = {
    "ged": Published(
        "UCDP Georeferenced Event Dataset 25.1",
        "CC BY 4.0",
        "https://ucdp.uu.se/downloads/ged/ged251-csv.zip",
        "ged251-csv.zip",
    ),
    "esd": Published(
        "UCDP External Support Dataset 18.1, by triads",
        "CC BY 4.0",
        "https://ucdp.uu.se/downloads/extsup/ESD/ucdp-esd-ty-181.zip",
        "ucdp-esd-ty-181.zip",
    ),
    "atop": Published(
        "Alliance Treaty Obligations and Provisions 5.1",
        "free to use with citation",
        "https://www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.1__.csv_.zip",
        "atop_5.1__.csv_.zip",
    ),
    "nmc": Published("National Material Capabilities", "free to use with citation", None, ""),
    "unga": Published("Ideal points of the UN General Assembly", "CC0", None, ""),
    "sipri": Published("SIPRI trade register", "not to be passed on", None, ""),
    "airwars": Published(
        "Airwars, incidents of civilian harm", "terms with the publisher", None, ""
    ),
    "kiel": Published(
        "Kiel Institute, Ukraine Support Tracker", "a new address with each release", None, ""
    ),
}
"""By loader. Without an address the user downloads the file at the publisher's site."""


def fetch(
    name: str, folder: str | Path, *, url: str | None = None, sha256: str | None = None
) -> Path:
    """Download a published file into a folder, once; return its path.

    `url` replaces the published address (a mirror, another version). Where `sha256` is given the
    file must have it. pooch does the work (`pip install allegiance[data]`).

    Raises:
        CaseError: no such source, it may not be downloaded, pooch is absent, or the hash differs.
        OSError: the download fails.
    """
    if name not in SOURCES:
        near = nearest(name, SOURCES)
        raise CaseError("no such source", found=name, allowed=listed(SOURCES), nearest=near)
    source = SOURCES[name]
    address = url or source.url
    if address is None:
        allowed = "download it at the publisher's site and give the loader its path"
        raise CaseError(f"no free download ({source.licence})", found=name, allowed=allowed)
    try:
        import pooch
    except ImportError:
        raise CaseError("pooch is absent", allowed="pip install allegiance[data]") from None
    pooch.get_logger().setLevel("WARNING")
    file = source.file if url is None else address.rsplit("/", 1)[-1]
    try:
        found = pooch.retrieve(
            address, known_hash=sha256 and f"sha256:{sha256}", fname=file, path=Path(folder)
        )
    except ValueError as error:
        raise CaseError(str(error).split(". ")[0], key=name) from None
    return Path(found)
