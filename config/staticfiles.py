"""WhiteNoise would hash Vite's files a second time and break the addresses in its manifest."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedOnceStorage(CompressedManifestStaticFilesStorage):
    """Everything is hashed by Django, except what the build has hashed already."""

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        return name if name.startswith("build/") else super().hashed_name(name, content, filename)
