"""The published shapes, as serializers that the OpenAPI document is made of.

Nothing is serialised by them when a request is answered: documents are rendered once, by catalog.rendering, and tests hold
what is served to the OpenAPI document.
"""
