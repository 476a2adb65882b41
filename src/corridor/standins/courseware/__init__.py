"""Open edX as Corridor sees it: its REST and OAuth2 formats, courses that a learner can take, webhooks, and ways to fail."""
