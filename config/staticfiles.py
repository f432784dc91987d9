"""WhiteNoise would hash Vite's files a second time and break the addresses in its manifest."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

_BUILT = "build/"


class HashedOnceStorage(CompressedManifestStaticFilesStorage):
    """Everything is hashed by Django, except what the build has hashed already."""

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        return name if name.startswith(_BUILT) else super().hashed_name(name, content, filename)

    def stored_name(self, name: str) -> str:
        """Built files are found without Django's manifest, so pages can be rendered before anything was collected."""
        return name if name.startswith(_BUILT) else super().stored_name(name)
