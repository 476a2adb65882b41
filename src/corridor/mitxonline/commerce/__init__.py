"""Baskets, discounts, orders, payments and refunds."""
