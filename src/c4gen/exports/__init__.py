"""Pictures and models in the formats of other tools, so that nothing is locked in here."""
