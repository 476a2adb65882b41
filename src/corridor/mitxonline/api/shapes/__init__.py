"""What operations answer, for the OpenAPI document. Components have the names of the published contract."""
