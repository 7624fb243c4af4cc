"""`python -m emulation.openapi`: rewrite the committed document."""

from emulation.openapi.document import COMMITTED, build_document, to_text

if __name__ == "__main__":
    COMMITTED.write_text(to_text(build_document()), encoding="utf-8")
