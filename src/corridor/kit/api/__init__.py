"""Technique of published interfaces: declared parameters, paging, answers made of prepared bytes, the OpenAPI document."""
