"""What a learner sees of all that is theirs."""
