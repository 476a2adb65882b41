"""What must agree is compared again and again; what does not is a finding, which staff see and which goes when it agrees again."""
