"""The server as a part of the local stack."""
