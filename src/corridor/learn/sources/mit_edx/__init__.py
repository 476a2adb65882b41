"""edX: courses and programs of its discovery API that our institution owns."""
