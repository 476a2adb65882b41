"""The pages, one module for each thing that staff look after."""
