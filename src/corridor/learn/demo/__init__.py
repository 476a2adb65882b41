"""The catalogue of Northmere, a university that does not exist: what Corridor shows before it is given a real one."""
