"""Courseware, which is Open edX: who and what is sent there, what comes back, and where each stands."""
