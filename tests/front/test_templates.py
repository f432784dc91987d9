"""The rules every template keeps: nothing inline that the security policy would refuse, no unknown component."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
COMPONENTS = TEMPLATES / "cotton"
# Mail is read without our policy and needs its styles beside the words.
MAIL = ("mail", "email", "emails")


def pages() -> list[Path]:
    return [
        path for path in sorted(TEMPLATES.rglob("*.html")) if not set(path.relative_to(TEMPLATES).parts) & set(MAIL)
    ]


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", pages(), ids=name)
def test_no_template_carries_style_or_script_of_its_own(path):
    html = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    inline = re.findall(
        r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\shx-on\b|\shx-vals\s*=\s*[\"']js:", html, flags=re.IGNORECASE
    )
    scripts = [
        tag for tag in re.findall(r"<script\b[^>]*>", html) if "src=" not in tag and "application/json" not in tag
    ]
    assert inline + scripts == []


@pytest.mark.parametrize("path", pages(), ids=name)
def test_every_component_used_exists(path):
    used = set(re.findall(r"<c-([a-z][\w.-]*)", path.read_text())) - {"vars", "slot"}
    missing = {tag for tag in used if not (COMPONENTS / f"{tag.replace('.', '/').replace('-', '_')}.html").is_file()}
    assert missing == set()


# Parts of every page, so of the gallery's own page too.
PARTS_OF_THE_SHELL = {"favicon", "jump", "keys", "member-menu", "toasts"}


def components() -> set[str]:
    return {path.stem.replace("_", "-") for path in COMPONENTS.glob("*.html")}


def uses(tag: str, html: str) -> bool:
    return re.search(rf"<c-{tag}[\s>/]", html) is not None


def test_every_component_is_shown_in_the_gallery():
    gallery = (TEMPLATES / "components_gallery.html").read_text()
    assert {tag for tag in components() - PARTS_OF_THE_SHELL if not uses(tag, gallery)} == set()


def test_parts_of_the_shell_are_used_by_it():
    shell = "".join((TEMPLATES / name).read_text() for name in ("base.html", "shell.html"))
    assert {tag for tag in PARTS_OF_THE_SHELL if not uses(tag, shell)} == set()
