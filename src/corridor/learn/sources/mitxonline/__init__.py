"""MITx Online: courses and programs of its published API, versions 1 and 2."""
