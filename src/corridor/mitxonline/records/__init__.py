"""What a learner can show of a program: to themselves, to schools, to whoever has the link."""
