"""Who counts as an expert. The score itself is made in feedback/experts and stored on the contact."""

# Of 100 points. The one truth: the score, the lists, the intake and the warm start all read it here.
EXPERT_FROM = 60
