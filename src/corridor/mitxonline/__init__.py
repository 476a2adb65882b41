"""MITx Online's part: courses and programs, and in time enrollments, payments and certificates."""
