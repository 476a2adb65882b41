"""Runnable local stand-ins of outside services; never installed in production."""
