"""CyberSource and Stripe as Corridor sees them: hosted checkout, signed notifications, refunds, searches, and ways to fail. No money moves."""
