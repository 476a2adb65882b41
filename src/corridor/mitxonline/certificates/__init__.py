"""Grades, certificates, and credentials that anyone can verify."""
