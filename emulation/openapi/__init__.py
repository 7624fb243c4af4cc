"""The OpenAPI document of the API, derived from the route table, the handlers and their models."""
