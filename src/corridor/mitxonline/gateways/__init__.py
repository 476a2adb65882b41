"""Payment gateways: what commerce asks of one (`port`), which there are (`registry`), and one folder for each."""
