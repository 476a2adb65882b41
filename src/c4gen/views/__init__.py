"""Pictures of a model: what each shows, as plain values. c4gen.layout places them, c4gen.svg draws them."""
