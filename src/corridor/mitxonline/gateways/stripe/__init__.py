"""Stripe: Checkout Sessions to pay, events by webhook, refunds and look-ups by its REST interface."""
