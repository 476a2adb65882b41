"""Codes that lower prices, and the redemptions that use them up."""
