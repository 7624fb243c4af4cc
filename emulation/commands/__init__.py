"""The commands around the local stack: `python -m emulation COMMAND`, called by the Justfile."""
